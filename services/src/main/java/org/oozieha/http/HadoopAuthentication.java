package org.oozieha.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import org.apache.hadoop.security.authentication.client.AuthenticatedURL;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.apache.hadoop.security.authentication.client.Authenticator;
import org.apache.hadoop.security.authentication.client.ConnectionConfigurator;

/** By an authenticator of hadoop-auth, a new one for each handshake: they keep state. Thread-safe. */
final class HadoopAuthentication implements Authentication {
    /** Makes an authenticator. */
    interface Authenticators {
        Authenticator make() throws AuthenticationException;
    }

    private final Authenticators authenticators;

    /** @param authenticators null for no handshakes */
    HadoopAuthentication(Authenticators authenticators) {
        this.authenticators = authenticators;
    }

    @Override
    public String handshake(URL url, ConnectionConfigurator configurator) throws IOException, AuthenticationException {
        if (authenticators == null) {
            return null;
        }
        AuthenticatedURL.Token token = new AuthenticatedURL.Token();
        // the connection it returns has not been opened and is left to the collector
        new AuthenticatedURL(authenticators.make(), configurator).openConnection(url, token);
        return token.isSet() ? token.toString() : null;
    }

    @Override
    public HttpURLConnection send(URL url, String cookie, ConnectionConfigurator configurator) throws IOException {
        HttpURLConnection connection = configurator.configure((HttpURLConnection) url.openConnection());
        if (cookie != null) {
            AuthenticatedURL.injectToken(connection, new AuthenticatedURL.Token(cookie));
        }
        connection.getResponseCode();
        return connection;
    }
}
