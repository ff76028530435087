package org.oozieha.service;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import javax.security.auth.login.LoginException;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.service.ServiceException;
import org.junit.Test;

public final class HAHadoopAccessorServiceTest {
    private static final String KEYTAB = "oozie.service.HadoopAccessorService.keytab.file";

    @Test
    public void a_login_that_is_refused_at_start_says_what_to_do_and_what_was_said() {
        assertAdvised(
                "Pre-authentication information was invalid (24)",
                "export the keytab again into the file in " + KEYTAB);
        ServiceException stock = refused(new LoginException("Clock skew too great (37)"));
        assertSame(stock, HAHadoopAccessorService.advised(stock).getCause());
    }

    @Test
    public void a_keytab_without_the_key_is_this_servers_own_not_a_peers() {
        assertAdvised("Unable to obtain password from user", "of the file in " + KEYTAB);
        assertAdvised("No key to store", "of the file in " + KEYTAB);
    }

    @Test
    public void a_kdc_that_does_not_answer_is_named() {
        assertAdvised("Receive timed out", "the KDC does not answer");
    }

    @Test
    public void another_refusal_is_left_as_it_is() {
        ServiceException stock = refused(new IOException("Connection refused"));
        assertSame(stock, HAHadoopAccessorService.advised(stock));
    }

    private static void assertAdvised(String said, String advice) {
        String message = HAHadoopAccessorService.advised(refused(new LoginException(said)))
                .getMessage();
        assertTrue(message, message.contains(advice));
        assertTrue(message, message.contains(said));
        assertFalse(message, message.contains("that server"));
        assertFalse(message, message.contains("ZooKeeper"));
    }

    /** As Hadoop says it. */
    private static ServiceException refused(Exception cause) {
        String why = "Login failure for oozie/h@R from keytab /k: " + cause;
        return new ServiceException(ErrorCode.E0100, "HadoopAccessorService", why, new IOException(why, cause));
    }
}
