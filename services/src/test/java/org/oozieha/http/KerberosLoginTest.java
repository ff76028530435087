package org.oozieha.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.LoginException;
import org.junit.After;
import org.junit.Test;
import org.oozieha.testing.Eventually;

public class KerberosLoginTest {
    private static final long LIFE_MS = 100_000;

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final AtomicInteger asked = new AtomicInteger();
    private final Deque<String> failures = new ArrayDeque<>();
    private final KerberosLogin login = new KerberosLogin("oozie@R", this::answer, clock::get);

    @After
    public void close() {
        login.close();
    }

    @Test
    public void a_new_ticket_is_fetched_after_80_percent_of_the_life_of_the_old_one() throws Exception {
        login.look();
        Subject first = login.subject(0);
        clock.addAndGet(LIFE_MS * 79 / 100);
        login.look();
        assertSame(first, login.subject(0));
        clock.addAndGet(LIFE_MS / 100);
        login.look();
        assertEquals(2, asked.get());
        assertFalse(first.equals(login.subject(0)));
    }

    @Test
    public void while_the_kdc_fails_the_old_ticket_serves_until_its_end() throws Exception {
        login.look();
        failures.add("Receive timed out");
        clock.addAndGet(LIFE_MS * 80 / 100);
        login.look();
        assertTrue(login.current().isPresent());
        clock.addAndGet(LIFE_MS * 20 / 100);
        PeerException refused = assertThrows(PeerException.class, () -> login.subject(60_000));
        assertTrue(refused.getMessage(), refused.getMessage().startsWith("not logged in to Kerberos: no KDC answers"));
        assertFalse(login.current().isPresent());
    }

    @Test
    public void a_failed_login_is_repeated_after_a_second_then_less_often_and_at_least_every_ten() {
        for (int i = 0; i < 100; i++) {
            failures.add("Clock skew too great (37)");
        }
        login.look();
        long[] pausesMs = {1_000, 2_000, 4_000, 8_000, 10_000, 10_000};
        for (int i = 0; i < pausesMs.length; i++) {
            clock.addAndGet(pausesMs[i] - 1);
            login.look();
            assertEquals(i + 1, asked.get());
            clock.addAndGet(1);
            login.look();
            assertEquals(i + 2, asked.get());
        }
    }

    @Test
    public void a_login_goes_on_after_a_class_that_was_not_found() throws Exception {
        failures.add("class missing");
        login.start();
        PeerException refused = assertThrows(PeerException.class, () -> login.subject(30_000));
        assertTrue(refused.getMessage(), refused.getMessage().contains("class missing"));
        clock.addAndGet(1_000);
        Eventually.until("tried again", () -> login.current().isPresent());
    }

    @Test
    public void a_clock_that_is_set_back_does_not_delay_the_next_login() {
        login.look();
        clock.addAndGet(-3_600_000);
        login.look();
        assertEquals(2, asked.get());
    }

    @Test
    public void the_first_login_is_waited_for() throws Exception {
        login.start();
        assertTrue(login.subject(30_000).getPrivateCredentials().size() > 0);
    }

    @Test
    public void a_kdc_that_hangs_holds_no_caller() {
        assertEquals(
                "not logged in to Kerberos: the KDC has not answered yet",
                assertThrows(PeerException.class, () -> login.subject(20)).getMessage());
    }

    private Subject answer() throws LoginException {
        asked.incrementAndGet();
        String failure = failures.poll();
        if ("class missing".equals(failure)) {
            throw new NoClassDefFoundError(failure);
        }
        if (failure != null) {
            throw new LoginException(failure);
        }
        Subject subject = new Subject();
        Date now = new Date(clock.get());
        subject.getPrivateCredentials()
                .add(new KerberosTicket(
                        new byte[] {1},
                        new KerberosPrincipal("oozie@R"),
                        new KerberosPrincipal("krbtgt/R@R"),
                        new byte[8],
                        1,
                        new boolean[32],
                        now,
                        now,
                        new Date(clock.get() + LIFE_MS),
                        null,
                        new InetAddress[0]));
        return subject;
    }
}
