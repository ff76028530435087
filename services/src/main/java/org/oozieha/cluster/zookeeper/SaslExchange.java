package org.oozieha.cluster.zookeeper;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.PrivilegedActionException;
import java.util.Collections;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * Tells ZooKeeper over one new connection who this server is, by SASL with GSSAPI. On the login's thread.
 *
 * <p>The server's principal is found as ZooKeeper's own client does, by the same client properties.
 */
final class SaslExchange {
    private static final String MECHANISM = "GSSAPI";

    private final ZkClient client;
    private final KerberosLogin login;
    private boolean sent;

    SaslExchange(ZkClient client, KerberosLogin login) {
        this.client = client;
        this.login = login;
    }

    /**
     * Returns when ZooKeeper has accepted this server.
     *
     * @return false if the connection broke meanwhile
     */
    boolean run() throws LoginProblem {
        InetSocketAddress server = client.server();
        if (server == null) {
            return false;
        }
        String service = service(server);
        String tried = "Login of " + login.principal() + " to ZooKeeper " + service + " at " + server.getHostString()
                + ':' + server.getPort() + " failed";
        try {
            login.rehearse(() -> first(open(service)));
            login.run(() -> exchange(open(service)));
            return true;
        } catch (LoginProblem e) {
            throw e;
        } catch (PrivilegedActionException e) {
            return failed(tried, e.getException());
        }
    }

    private boolean failed(String tried, Exception failure) throws LoginProblem {
        if (failure instanceof KeeperException) {
            KeeperException.Code code = ((KeeperException) failure).code();
            if (Failures.isConnection(code)) {
                return false;
            }
            throw LoginProblem.lasting(
                            tried + ": ZooKeeper refused it (" + code + "). Its own log says why; mostly its keytab is"
                                    + " older than its principal, or the clocks differ",
                            failure)
                    .atOneServer()
                    .afterTheFirstPacket();
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return false;
        }
        LoginProblem problem = KerberosAdvice.problem(tried, failure).atOneServer();
        throw sent ? problem.afterTheFirstPacket() : problem;
    }

    private SaslClient open(String service) throws SaslException {
        int slash = service.indexOf('/');
        return Sasl.createSaslClient(
                new String[] {MECHANISM},
                login.principal(),
                service.substring(0, slash),
                service.substring(slash + 1).replaceFirst("@.*", ""),
                Collections.emptyMap(),
                callbacks -> {
                    throw new UnsupportedCallbackException(callbacks[0]);
                });
    }

    private static byte[] first(SaslClient sasl) throws SaslException {
        return sasl.hasInitialResponse() ? sasl.evaluateChallenge(new byte[0]) : new byte[0];
    }

    private Void exchange(SaslClient sasl) throws SaslException, KeeperException, InterruptedException {
        byte[] token = first(sasl);
        while (token != null) {
            sent = true;
            byte[] answer = client.sasl(token);
            if (sasl.isComplete()) {
                break;
            }
            if (answer.length == 0) {
                throw new SaslException(KerberosAdvice.NO_SASL);
            }
            token = sasl.evaluateChallenge(answer);
        }
        return null;
    }

    private String service(InetSocketAddress server) {
        ZKClientConfig config = client.getClientConfig();
        String whole = config.getProperty(ZKClientConfig.ZOOKEEPER_SERVER_PRINCIPAL);
        if (whole != null && whole.indexOf('/') > 0) {
            return whole;
        }
        String name = config.getProperty(
                ZKClientConfig.ZK_SASL_CLIENT_USERNAME, ZKClientConfig.ZK_SASL_CLIENT_USERNAME_DEFAULT);
        boolean canonical = Boolean.parseBoolean(config.getProperty(
                ZKClientConfig.ZK_SASL_CLIENT_CANONICALIZE_HOSTNAME,
                ZKClientConfig.ZK_SASL_CLIENT_CANONICALIZE_HOSTNAME_DEFAULT));
        String host = server.getHostName();
        InetAddress address = server.getAddress();
        if (canonical && address != null) {
            String found = address.getCanonicalHostName();
            host = found.equals(address.getHostAddress()) ? host : found;
        }
        return name + '/' + host;
    }
}
