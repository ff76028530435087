package org.oozieha.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.apache.hadoop.security.authentication.client.ConnectionConfigurator;

/** Another way of authentication, under a Kerberos login. Thread-safe. */
final class KerberosAuthentication implements Authentication {
    private static final long FIRST_LOGIN_MS = 5_000;

    private final KerberosLogin login;
    private final Authentication authentication;

    KerberosAuthentication(KerberosLogin login, Authentication authentication) {
        this.login = login;
        this.authentication = authentication;
    }

    @Override
    public String handshake(URL url, ConnectionConfigurator configurator) throws IOException, AuthenticationException {
        return as(login.subject(FIRST_LOGIN_MS), () -> authentication.handshake(url, configurator));
    }

    /** Without a ticket a good cookie does: the empty subject only keeps Java from looking for other credentials. */
    @Override
    public HttpURLConnection send(URL url, String cookie, ConnectionConfigurator configurator)
            throws IOException, AuthenticationException {
        return as(login.current().orElseGet(Subject::new), () -> authentication.send(url, cookie, configurator));
    }

    @Override
    public boolean asksKdc() {
        return true;
    }

    private static <T> T as(Subject subject, PrivilegedExceptionAction<T> action)
            throws IOException, AuthenticationException {
        try {
            return Subject.doAs(subject, action);
        } catch (PrivilegedActionException e) {
            Exception cause = e.getException();
            if (cause instanceof IOException) {
                throw (IOException) cause;
            }
            if (cause instanceof AuthenticationException) {
                throw (AuthenticationException) cause;
            }
            throw new AuthenticationException(cause);
        }
    }
}
