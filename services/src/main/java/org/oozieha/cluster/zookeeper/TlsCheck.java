package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.common.X509Exception;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shakes hands with each of ZooKeeper's servers, to be able to say why none can be: ZooKeeper's client only tries again.
 *
 * <p>Bounded: two seconds to connect to each server and two for each of its answers; one that ends the connection in the middle is asked
 * again a few times, since the reason it gave can be lost with the connection. Used once, by one thread.
 */
final class TlsCheck {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final int TIMEOUT_MS = 2_000;
    private static final int REFUSAL_MS = 1_000;
    private static final int ATTEMPTS = 10;
    private static final String PREFIX = "oozie.ha.zookeeper.ssl.";

    private final ZkOptions options;
    private final ZkTls tls;
    private final List<String> refused = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private boolean accepted;

    private TlsCheck(ZkOptions options, ZkTls tls) {
        this.options = options;
        this.tls = tls;
    }

    /**
     * Does nothing where no TLS is wanted.
     *
     * @return what may be the obstacle if ZooKeeper cannot be used: servers that ended the connection without a reason; empty if there is none
     * @throws ClusterStartException if a store cannot be read, or if every server that answers is refused
     */
    static Optional<String> run(ZkOptions options) throws ClusterStartException {
        return options.security().tls().isPresent()
                ? new TlsCheck(options, options.security().tls().get()).run()
                : Optional.empty();
    }

    private Optional<String> run() throws ClusterStartException {
        SSLContext context = context();
        for (InetSocketAddress server : new ConnectStringParser(options.connectionString()).getServerAddresses()) {
            ask(context, server);
        }
        if (!accepted && !refused.isEmpty()) {
            throw new ClusterStartException("No ZooKeeper server can be talked to over TLS: " + refused + "; " + tls);
        }
        refused.forEach(reason -> LOG.warn("A ZooKeeper server cannot be talked to over TLS: {}", reason));
        if (accepted || broken.isEmpty()) {
            return Optional.empty();
        }
        String hint = broken
                + " ended the connection in the middle of the TLS handshake, as ZooKeeper does that does not accept"
                + " this server's certificate: set " + PREFIX + "keystore.file to one it trusts; " + tls;
        LOG.warn("{}", hint);
        return Optional.of(hint);
    }

    private SSLContext context() throws ClusterStartException {
        ZKClientConfig config = options.security().clientConfig(options.sessionTimeoutMs());
        try (ClientX509Util x509 = new ClientX509Util()) {
            return x509.createSSLContext(config);
        } catch (X509Exception e) {
            throw new ClusterStartException(
                    "TLS to ZooKeeper cannot be prepared: " + Failures.texts(e) + ". Check " + PREFIX
                            + "{truststore,keystore}.{file,password,type}: " + tls,
                    e);
        }
    }

    private void ask(SSLContext context, InetSocketAddress server) {
        String name = server.getHostString() + ':' + server.getPort();
        for (int left = ATTEMPTS; left > 0; left--) {
            Optional<IOException> failure;
            try (Socket plain = new Socket()) {
                plain.connect(new InetSocketAddress(server.getHostString(), server.getPort()), TIMEOUT_MS);
                failure = shakeHands(context, server, plain);
            } catch (IOException away) {
                LOG.debug("Not there: {}", name, away);
                return;
            }
            if (!failure.isPresent()) {
                accepted = true;
                return;
            }
            if (!isBrokenOff(failure.get())) {
                refuse(name, failure.get());
                return;
            }
        }
        broken.add(name);
    }

    private void refuse(String name, IOException failure) {
        if (failure instanceof SSLException) {
            refused.add(name + ": " + advice((SSLException) failure) + " [" + Failures.texts(failure) + "]");
        } else {
            LOG.debug("Not there: {}", name, failure);
        }
    }

    private static boolean isBrokenOff(IOException failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SocketException) {
                return true;
            }
        }
        return false;
    }

    /** What went wrong. */
    private Optional<IOException> shakeHands(SSLContext context, InetSocketAddress server, Socket plain) {
        try {
            plain.setSoTimeout(TIMEOUT_MS);
            SSLSocket socket = (SSLSocket)
                    context.getSocketFactory().createSocket(plain, server.getHostString(), server.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(tls.knownProtocols().toArray(new String[0]));
            if (tls.verifiesHostName()) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            hearRefusal(socket);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** With TLS 1.3 a server refuses a client's certificate after the handshake; one that does not says nothing. */
    private static void hearRefusal(SSLSocket socket) throws IOException {
        socket.setSoTimeout(REFUSAL_MS);
        try {
            if (socket.getInputStream().read() < 0) {
                throw new SocketException("the connection was ended after the handshake");
            }
        } catch (SocketTimeoutException silence) {
            LOG.debug("Accepted by {}", socket.getRemoteSocketAddress());
        }
    }

    private static String advice(SSLException failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String text = String.valueOf(t.getMessage());
            if (t instanceof CertificateExpiredException || t instanceof CertificateNotYetValidException) {
                return "the certificate of this ZooKeeper server is not valid now: renew it, or set this host's clock";
            }
            if (text.contains("unable to find valid certification path") || text.contains("trustAnchors")) {
                return "nobody vouches for its certificate: put the authority that signed it into the file in " + PREFIX
                        + "truststore.file";
            }
            if (text.contains("subject alternative") || text.contains("No name matching")) {
                return "its certificate names another host: use the certificate's names in"
                        + " oozie.zookeeper.connection.string, or set " + PREFIX + "hostname.verification=false";
            }
            if (text.contains("protocol_version") || text.contains("No appropriate protocol")) {
                return "it speaks no version of TLS that is in " + PREFIX + "protocols";
            }
            if (text.contains("bad_certificate") || text.contains("certificate_required")) {
                return "it does not accept this server's certificate: set " + PREFIX + "keystore.file to one it trusts";
            }
            if (text.contains("plaintext connection")
                    || text.contains("Unsupported or unrecognized SSL message")
                    || text.contains("Remote host terminated the handshake")) {
                return "it does not speak TLS on this port: use its secureClientPort";
            }
        }
        return "the handshake failed";
    }
}
