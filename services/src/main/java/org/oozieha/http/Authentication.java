package org.oozieha.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import org.apache.hadoop.security.authentication.client.AuthenticatedURL;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.apache.hadoop.security.authentication.client.ConnectionConfigurator;
import org.apache.hadoop.security.authentication.client.PseudoAuthenticator;

/**
 * How a call proves to a peer who makes it.
 *
 * <p>Guarantee: every connection it makes, those of a handshake too, went through the given configurator, so all of it is
 * bounded. Implementations are thread-safe.
 */
public interface Authentication {
    /**
     * A connection that is ready to be sent, not yet connected to {@code url}. An unset {@code token} is set by a handshake;
     * a set one is used as it is.
     *
     * @throws AuthenticationException if the peer did not accept the caller
     */
    HttpURLConnection open(URL url, AuthenticatedURL.Token token, ConnectionConfigurator configurator)
            throws IOException, AuthenticationException;

    /** For what needs no authentication. */
    static Authentication none() {
        return (url, token, configurator) -> configurator.configure((HttpURLConnection) url.openConnection());
    }

    /** {@code simple}: the peer believes the name of the operating system's user. */
    static Authentication simple() {
        return (url, token, configurator) -> {
            if (!token.isSet()) {
                // the authenticator of Hadoop 2 shakes hands also when the token is set
                return new AuthenticatedURL(new PseudoAuthenticator(), configurator).openConnection(url, token);
            }
            HttpURLConnection connection = configurator.configure((HttpURLConnection) url.openConnection());
            AuthenticatedURL.injectToken(connection, token);
            return connection;
        };
    }
}
