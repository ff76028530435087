package org.oozieha.http;

import java.io.IOException;
import java.net.URL;
import org.apache.hadoop.security.authentication.client.AuthenticatedURL;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.apache.hadoop.security.authentication.client.Authenticator;
import org.apache.hadoop.security.authentication.client.ConnectionConfigurator;
import org.apache.hadoop.security.authentication.client.KerberosAuthenticator;

/** Hadoop's SPNEGO, which also serves peers without Kerberos; says what to do when a peer refuses the ticket. For one handshake. */
final class TicketAuthenticator extends KerberosAuthenticator {
    @Override
    protected Authenticator getFallBackAuthenticator() {
        return new Fallback(super.getFallBackAuthenticator());
    }

    private static final class Fallback implements Authenticator {
        private final Authenticator simple;

        Fallback(Authenticator simple) {
            this.simple = simple;
        }

        @Override
        public void setConnectionConfigurator(ConnectionConfigurator configurator) {
            simple.setConnectionConfigurator(configurator);
        }

        @Override
        public void authenticate(URL url, AuthenticatedURL.Token token) throws IOException, AuthenticationException {
            try {
                simple.authenticate(url, token);
            } catch (AuthenticationException e) {
                throw new AuthenticationException(refusal(url.getHost(), e.getMessage()));
            }
        }

        private static String refusal(String host, String said) {
            return "that server does not accept this server's ticket: its oozie.authentication.kerberos.keytab needs"
                    + " the present key of HTTP/" + host + ", and its oozie.authentication.kerberos.principal is to be"
                    + " *; its log says more [" + said + "]";
        }
    }
}
