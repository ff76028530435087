package org.oozieha.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.apache.hadoop.security.authentication.client.Authenticator;
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
     * Proves to the peer who calls.
     *
     * @return the cookie that stands for the proof from now on; null if the peer gave none
     * @throws AuthenticationException if the peer did not accept the caller
     */
    String handshake(URL url, ConnectionConfigurator configurator) throws IOException, AuthenticationException;

    /**
     * Sends a GET.
     *
     * @param cookie of a handshake with this peer, or null
     * @return a connection whose status has come
     */
    HttpURLConnection send(URL url, String cookie, ConnectionConfigurator configurator)
            throws IOException, AuthenticationException;

    /** Whether a handshake may wait for a KDC, and not for the peer alone. */
    default boolean asksKdc() {
        return false;
    }

    /** For what needs no authentication. */
    static Authentication none() {
        return new HadoopAuthentication(null);
    }

    /** {@code simple}: the peer believes the name of the operating system's user. */
    static Authentication simple() {
        return new HadoopAuthentication(PseudoAuthenticator::new);
    }

    /**
     * {@code kerberos}: SPNEGO under a login of this server's own; while no ticket can be had, cookies that are still good go on
     * working.
     */
    static Authentication kerberos(KerberosLogin login) {
        return new KerberosAuthentication(login, new HadoopAuthentication(TicketAuthenticator::new));
    }

    /** By a class that Hadoop's client can use, with a public constructor without parameters. */
    static Authentication of(Class<? extends Authenticator> type) {
        return new HadoopAuthentication(() -> {
            try {
                return type.getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new AuthenticationException("cannot make a " + type.getName(), e);
            }
        });
    }

    /** As {@link #of}, under the login. */
    static Authentication kerberos(KerberosLogin login, Class<? extends Authenticator> type) {
        return new KerberosAuthentication(login, of(type));
    }
}
