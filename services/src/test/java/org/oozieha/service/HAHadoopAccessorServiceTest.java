package org.oozieha.service;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import javax.security.auth.login.LoginException;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.service.ServiceException;
import org.junit.Test;

public class HAHadoopAccessorServiceTest {
    private static final String KEYTAB = "oozie.service.HadoopAccessorService.keytab.file";
    private static final String PRINCIPAL = "oozie.service.HadoopAccessorService.kerberos.principal";

    @Test
    public void a_login_that_is_refused_at_start_says_what_to_do_and_what_was_said() {
        ServiceException stock = refusedLogin("Pre-authentication information was invalid (24)");
        String message = HAHadoopAccessorService.advised(stock).getMessage();
        assertTrue(message, message.contains("export the keytab again into the file in " + KEYTAB));
        assertTrue(message, message.contains("oozie/h@R from keytab /k"));
        assertSame(stock, HAHadoopAccessorService.advised(stock).getCause());
    }

    @Test
    public void a_keytab_without_the_key_is_this_servers_own_not_a_peers() {
        for (String said : new String[] {
            "No key to store", "Failed to find any Kerberos credentails", "Unable to obtain password from user"
        }) {
            assertAdvised(said, "klist -ket` of the file in " + KEYTAB + " with " + PRINCIPAL);
        }
    }

    @Test
    public void a_kdc_that_does_not_serve_the_realm_is_no_matter_of_a_peers_principal() {
        assertAdvised("Server not found in Kerberos database (7)", "compare the realm in " + PRINCIPAL);
    }

    @Test
    public void a_kdc_that_does_not_answer_is_named() {
        assertAdvised("Receive timed out", "no KDC answers");
        ServiceException refused = refusedLogin((LoginException) new LoginException("Operation not permitted")
                .initCause(new ConnectException("Operation not permitted")));
        String message = HAHadoopAccessorService.advised(refused).getMessage();
        assertTrue(message, message.contains("no KDC answers"));
    }

    @Test
    public void another_refusal_is_left_as_it_is() {
        for (String why : new String[] {"no hadoop-conf", "Connection refused"}) {
            ServiceException stock = refusal(why, new IOException(why));
            assertSame(stock, HAHadoopAccessorService.advised(stock));
        }
    }

    private static void assertAdvised(String said, String advice) {
        String message = HAHadoopAccessorService.advised(refusedLogin(said)).getMessage();
        assertTrue(message, message.contains(advice));
        assertTrue(message, message.contains(said));
        assertFalse(message, message.contains("that server"));
        assertFalse(message, message.contains("ZooKeeper"));
    }

    private static ServiceException refusedLogin(String said) {
        return refusedLogin(new LoginException(said));
    }

    /** As Hadoop says it. */
    private static ServiceException refusedLogin(LoginException refusal) {
        String why = "Login failure for oozie/h@R from keytab /k: " + refusal;
        return refusal(why, new IOException(why, refusal));
    }

    private static ServiceException refusal(String why, IOException cause) {
        return new ServiceException(ErrorCode.E0100, "HadoopAccessorService", why, cause);
    }
}
