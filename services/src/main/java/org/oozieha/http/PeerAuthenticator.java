package org.oozieha.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.security.authentication.client.AuthenticatedURL;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.apache.hadoop.security.authentication.client.Authenticator;
import org.apache.hadoop.security.authentication.client.ConnectionConfigurator;

/**
 * Lets calls that Oozie's own code makes of other servers use the pack's login: {@code oozie.server.authentication.type =
 * org.oozieha.http.PeerAuthenticator}.
 *
 * <p>Guarantee: the peer has answered an authenticated request within {@code oozie.ha.peer.total.timeout.ms} just before, with the
 * cookie that the call then carries; the ticket behind it is renewed. On failure the call is not made, and the exception says why.
 * The call itself is Oozie's: nothing bounds its answer. Thread-safe.
 */
public final class PeerAuthenticator implements Authenticator {
    private static final String PROBE = "/v1/admin/status";
    private static final AtomicReference<PeerClient> SERVER = new AtomicReference<>();

    /** Oozie makes one by name for each call: so this is where it finds the running server's client. */
    public static void use(PeerClient client) {
        SERVER.set(client);
    }

    /** Ends {@link #use}, unless another client took its place. */
    public static void forget(PeerClient client) {
        SERVER.compareAndSet(client, null);
    }

    /** Ignored: the pack's client has its own. */
    @Override
    public void setConnectionConfigurator(ConnectionConfigurator configurator) {}

    @Override
    public void authenticate(URL url, AuthenticatedURL.Token token) throws IOException, AuthenticationException {
        PeerClient client = SERVER.get();
        if (client == null) {
            throw new AuthenticationException(PeerAuthenticator.class.getName()
                    + " needs a running service of the HA pack: name one in oozie.services.ext, or set"
                    + " oozie.server.authentication.type to simple or kerberos");
        }
        if (token.isSet()) {
            return;
        }
        String peer = peer(url);
        PeerAnswer answer = probe(client, peer);
        if (!answer.isOk()) {
            throw new AuthenticationException(peer + " refuses this server: " + answer.statusText());
        }
        String cookie = client.cookies().get(peer);
        if (cookie != null) {
            AuthenticatedURL.extractToken(new Answered(url, cookie), token);
        }
    }

    private static PeerAnswer probe(PeerClient client, String peer) throws AuthenticationException {
        try {
            return client.get(peer, PROBE);
        } catch (PeerException e) {
            throw new AuthenticationException(peer + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuthenticationException("interrupted", e);
        }
    }

    /** The base URL of Oozie in a URL of one of its resources. */
    private static String peer(URL url) {
        String path = url.getPath();
        int end = path.indexOf('/', 1);
        return url.getProtocol() + "://" + url.getAuthority() + (end < 0 ? path : path.substring(0, end));
    }

    /** A token takes its value from an answer's headers only. */
    private static final class Answered extends HttpURLConnection {
        private final String cookie;

        Answered(URL url, String cookie) {
            super(url);
            this.cookie = cookie;
        }

        @Override
        public int getResponseCode() {
            return HTTP_OK;
        }

        @Override
        public Map<String, List<String>> getHeaderFields() {
            return Collections.singletonMap(
                    "Set-Cookie", Collections.singletonList(AuthenticatedURL.AUTH_COOKIE + "=" + cookie));
        }

        @Override
        public void connect() {}

        @Override
        public void disconnect() {}

        @Override
        public boolean usingProxy() {
            return false;
        }
    }
}
