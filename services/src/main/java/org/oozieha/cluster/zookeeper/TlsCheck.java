package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
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
 * Shakes hands with each of ZooKeeper's servers once, to be able to say why none can be: ZooKeeper's client only tries again.
 *
 * <p>Bounded: two seconds to connect to each server and two for each of its answers.
 */
final class TlsCheck {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final int TIMEOUT_MS = 2_000;
    private static final int REFUSAL_MS = 1_000;
    private static final int ATTEMPTS = 10;
    private static final String ENDED = "it ended the connection without a word";
    private static final String PREFIX = "oozie.ha.zookeeper.ssl.";

    private final ZkOptions options;
    private final ZkTls tls;

    private TlsCheck(ZkOptions options, ZkTls tls) {
        this.options = options;
        this.tls = tls;
    }

    /**
     * Does nothing where no TLS is wanted.
     *
     * @throws ClusterStartException if a store cannot be read, or if every server that answers is refused
     */
    static void run(ZkOptions options) throws ClusterStartException {
        if (options.security().tls().isPresent()) {
            new TlsCheck(options, options.security().tls().get()).run();
        }
    }

    private void run() throws ClusterStartException {
        ZKClientConfig config = options.security().clientConfig(options.sessionTimeoutMs());
        SSLContext context;
        try (ClientX509Util x509 = new ClientX509Util()) {
            context = x509.createSSLContext(config);
        } catch (X509Exception e) {
            throw new ClusterStartException(
                    "TLS to ZooKeeper cannot be prepared: " + Failures.texts(e) + ". Check " + PREFIX
                            + "{truststore,keystore}.{file,password,type}: " + tls,
                    e);
        }
        List<String> refused = new ArrayList<>();
        boolean accepted = false;
        for (InetSocketAddress server : new ConnectStringParser(options.connectionString()).getServerAddresses()) {
            try {
                shakeHands(context, server);
                accepted = true;
            } catch (SSLException e) {
                refused.add(server.getHostString() + ':' + server.getPort() + ": " + advice(e) + " ["
                        + Failures.texts(e) + "]");
            } catch (IOException away) {
                LOG.debug("Not there: {}", server, away);
            }
        }
        if (!accepted && !refused.isEmpty()) {
            throw new ClusterStartException("No ZooKeeper server can be talked to over TLS: " + refused + "; " + tls);
        }
        refused.forEach(reason -> LOG.warn("A ZooKeeper server cannot be talked to over TLS: {}", reason));
    }

    /** A server that refuses may end the connection faster than its reason is read: then it is asked again. */
    private void shakeHands(SSLContext context, InetSocketAddress server) throws IOException {
        for (int left = ATTEMPTS; ; left--) {
            try {
                shakeHandsOnce(context, server);
                return;
            } catch (ConnectException away) {
                throw away;
            } catch (IOException e) {
                if (!isReset(e)) {
                    throw e;
                }
                if (left == 1) {
                    throw new SSLException(ENDED, e);
                }
            }
        }
    }

    private static boolean isReset(IOException failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SocketException) {
                return true;
            }
        }
        return false;
    }

    private void shakeHandsOnce(SSLContext context, InetSocketAddress server) throws IOException {
        InetSocketAddress resolved = new InetSocketAddress(server.getHostString(), server.getPort());
        try (Socket plain = new Socket()) {
            plain.connect(resolved, TIMEOUT_MS);
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
        }
    }

    /** With TLS 1.3 a server refuses a client's certificate after the handshake; one that does not says nothing. */
    private static void hearRefusal(SSLSocket socket) throws IOException {
        socket.setSoTimeout(REFUSAL_MS);
        try {
            if (socket.getInputStream().read() < 0) {
                throw new SSLException(ENDED);
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
            if (text.contains("bad_certificate") || text.contains("certificate_required") || text.contains(ENDED)) {
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
