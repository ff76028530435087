package org.oozieha.service;

import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.service.ServiceException;
import org.junit.Test;

public class HAHadoopAccessorServiceTest {
    @Test
    public void a_login_that_is_refused_at_start_says_what_to_do_and_what_was_said() {
        ServiceException stock = refusal("Login failure for oozie/h@R from keytab /k: javax.security.auth.login"
                + ".LoginException: Pre-authentication information was invalid (24)");
        String message = HAHadoopAccessorService.advised(stock).getMessage();
        assertTrue(message, message.contains("export the keytab anew"));
        assertTrue(message, message.contains("oozie/h@R from keytab /k"));
        assertSame(stock, HAHadoopAccessorService.advised(stock).getCause());
    }

    @Test
    public void another_refusal_is_left_as_it_is() {
        ServiceException stock = refusal("no hadoop-conf");
        assertSame(stock, HAHadoopAccessorService.advised(stock));
    }

    private static ServiceException refusal(String why) {
        return new ServiceException(ErrorCode.E0100, "HadoopAccessorService", why, new IOException(why));
    }
}
