package org.oozieha.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.hadoop.security.authentication.client.AuthenticatedURL;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.oozieha.testing.SkewedKdc;

/** With a KDC whose tickets live for a few seconds; run with each line of hadoop-auth. */
public class KerberosPeerTest {
    @ClassRule
    public static final TemporaryFolder DIR = new TemporaryFolder();

    private static final long SCALE =
            Math.max(1, (long) Double.parseDouble(System.getProperty("it.timing.scale", "1")));
    private static final long TICKET_S = 5 * SCALE;
    private static final long TOTAL_MS = 2_000 * SCALE;
    private static final long SLACK_MS = 1_500 * SCALE;

    private static TestKdc kdc;
    private static KerberosAccount oozie;
    private static SpnegoPeer spnego;

    private final List<AutoCloseable> open = new ArrayList<>();
    private ScriptedPeer peer;
    private KerberosLogin login;
    private PeerClient client;

    @BeforeClass
    public static void start() throws Exception {
        kdc = TestKdc.start(DIR.getRoot().toPath(), TICKET_S);
        oozie = kdc.account("oozie/host.test", "secret");
        KerberosAccount http = kdc.account("HTTP/127.0.0.1", "other");
        spnego = new SpnegoPeer(http.principal(), DIR.getRoot() + "/HTTP-127.0.0.1.keytab");
    }

    @AfterClass
    public static void stop() throws Exception {
        kdc.close();
    }

    @Before
    public void a_peer() throws IOException {
        spnego.handshakes().clear();
        spnego.cookieLife(3_600_000);
        spnego.forgetCookies();
        peer = new ScriptedPeer(spnego);
        login = login(oozie);
        client = client(login);
    }

    @After
    public void close() throws Exception {
        kdc.recover();
        for (AutoCloseable each : open) {
            each.close();
        }
        peer.close();
    }

    @Test
    public void it_runs_with_the_hadoop_line_it_is_meant_to() {
        String wanted = System.getProperty("hadoop.auth.version", "");
        String used = AuthenticatedURL.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        assertTrue(used, used.endsWith("hadoop-auth-" + wanted + ".jar"));
    }

    @Test
    public void one_handshake_as_the_principal_of_the_keytab_serves_many_calls() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertTrue(client.get(peer.url(), "/v2/job/x").isOk());
        }
        assertEquals(Collections.singletonList("oozie/host.test@" + TestKdc.REALM), spnego.handshakes());
    }

    @Test
    public void calls_go_on_after_three_lives_of_the_ticket() throws Exception {
        spnego.cookieLife(200);
        List<Subject> tickets = new ArrayList<>();
        await("three more tickets", 5 * TICKET_S * 1000, () -> {
            assertTrue(client.get(peer.url(), "/v2/job/x").isOk());
            login.current().filter(current -> !tickets.contains(current)).ifPresent(tickets::add);
            return tickets.size() >= 5;
        });
        assertTrue(spnego.handshakes().size() > 5);
    }

    @Test
    public void a_refused_cookie_is_made_anew_once() throws Exception {
        assertTrue(client.get(peer.url(), "/a").isOk());
        spnego.forgetCookies();
        assertTrue(client.get(peer.url(), "/b").isOk());
        assertTrue(client.get(peer.url(), "/c").isOk());
        assertEquals(2, spnego.handshakes().size());
    }

    @Test
    public void with_a_hung_kdc_a_call_ends_at_its_deadline_and_says_so() throws Exception {
        assertNotNull(login.subject(10_000));
        kdc.hang();
        for (int i = 0; i < 3; i++) {
            long before = System.nanoTime();
            PeerException reason = refused(peer.url());
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
            assertTrue("took " + took + " ms", took <= TOTAL_MS + SLACK_MS);
            assertTrue(reason.getMessage(), reason.getMessage().contains("KDC"));
        }
    }

    @Test
    public void with_a_hung_kdc_many_calls_to_one_peer_leave_threads_for_another() throws Exception {
        client = client(login, 64);
        assertTrue(client.get(peer.url(), "/a").isOk());
        ScriptedPeer other = new ScriptedPeer(spnego);
        open.add(other);
        kdc.hang();
        List<PeerCall> calls = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            calls.add(client.call(other.url().replace("127.0.0.1", "localhost"), "/b", new TextHandler(1)));
        }
        await("threads for a peer whose cookie is known", TOTAL_MS * 3 / 4, () -> answers("/c"));
        calls.forEach(PeerCall::cancel);
    }

    private boolean answers(String resource) throws InterruptedException {
        try {
            return client.get(peer.url(), resource).isOk();
        } catch (PeerException busy) {
            return false;
        }
    }

    @Test
    public void with_a_kdc_down_for_longer_than_a_ticket_cookies_go_on_and_handshakes_fail_at_once() throws Exception {
        assertTrue(client.get(peer.url(), "/a").isOk());
        kdc.goDown();
        try {
            await("no ticket", 2 * TICKET_S * 1000, () -> !login.current().isPresent());
            assertTrue(client.get(peer.url(), "/b").isOk());
            spnego.forgetCookies();
            long before = System.nanoTime();
            PeerException reason = refused(peer.url());
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
            assertTrue("took " + took + " ms", took <= SLACK_MS);
            assertTrue(reason.getMessage(), reason.getMessage().contains("no KDC answers"));
        } finally {
            kdc.recover();
        }
        await("logged in again", 15_000 * SCALE, () -> login.current().isPresent());
        assertTrue(client.get(peer.url(), "/c").isOk());
    }

    @Test
    public void a_key_that_the_kdc_replaced_is_named_as_the_reason() throws Exception {
        KerberosAccount stale = kdc.account("oozie/stale.test", "before");
        kdc.delete("oozie/stale.test");
        kdc.create("oozie/stale.test", "after");
        assertFalse(stale.complaint().isPresent());
        String reason = refused(client(login(stale))).getMessage();
        assertTrue(reason, reason.contains("export the keytab anew") && reason.contains("oozie/stale.test"));
    }

    @Test
    public void a_principal_the_kdc_does_not_know_is_named_as_the_reason() throws Exception {
        KerberosAccount gone = kdc.account("oozie/gone.test", "x");
        kdc.delete("oozie/gone.test");
        String reason = refused(client(login(gone))).getMessage();
        assertTrue(reason, reason.contains("does not know this server's principal"));
    }

    @Test
    public void clocks_that_differ_are_named_as_the_reason() throws Exception {
        try (SkewedKdc skewed = new SkewedKdc(TestKdc.REALM)) {
            kdc.replaceBy(skewed.port());
            String reason = refused(client(login(oozie))).getMessage();
            assertTrue(reason, reason.contains("synchronise them"));
        }
    }

    @Test
    public void a_peer_whose_name_has_no_principal_is_named_as_the_reason() throws Exception {
        String reason = refused(peer.url().replace("127.0.0.1", "localhost")).getMessage();
        assertTrue(reason, reason.contains("create HTTP/<host name in its URL>"));
    }

    @Test
    public void a_peer_whose_keytab_is_stale_is_named_as_the_reason() throws Exception {
        kdc.delete("HTTP/127.0.0.1");
        kdc.create("HTTP/127.0.0.1", "changed");
        try {
            String reason = refused(peer.url()).getMessage();
            assertTrue(reason, reason.contains("the present key of HTTP/127.0.0.1"));
        } finally {
            kdc.delete("HTTP/127.0.0.1");
            kdc.create("HTTP/127.0.0.1", "other");
        }
    }

    @Test
    public void a_keytab_without_the_principal_is_seen_before_any_kdc_is_asked() {
        String keytab = DIR.getRoot() + "/HTTP-127.0.0.1.keytab";
        KerberosAccount wrong = KerberosAccount.of("oozie/host.test@" + TestKdc.REALM, keytab);
        assertTrue(wrong.complaint().get().contains("has no key of oozie/host.test"));
        KerberosAccount none = KerberosAccount.of("oozie@R", DIR.getRoot() + "/none.keytab");
        assertTrue(none.complaint().get().contains("cannot be read"));
    }

    @Test
    public void the_jaas_configuration_of_the_jvm_is_neither_asked_nor_replaced() throws Exception {
        Configuration before = new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                throw new AssertionError("asked for " + name);
            }
        };
        Configuration.setConfiguration(before);
        try {
            assertTrue(client(login(oozie)).get(peer.url(), "/x").isOk());
            assertEquals(before, Configuration.getConfiguration());
        } finally {
            Configuration.setConfiguration(null);
        }
    }

    @Test
    public void calls_of_stock_code_carry_the_cookie_and_a_hung_peer_is_not_called() throws Exception {
        PeerAuthenticator.use(client);
        try {
            HttpURLConnection call = stockCall(peer.url());
            assertEquals(200, call.getResponseCode());
            assertEquals(200, stockCall(peer.url()).getResponseCode());
            assertEquals(1, spnego.handshakes().size());
            ScriptedPeer hung = ScriptedPeer.hung();
            open.add(hung);
            long before = System.nanoTime();
            AuthenticationException reason = assertThrows(AuthenticationException.class, () -> stockCall(hung.url()));
            assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before) <= TOTAL_MS + SLACK_MS);
            assertTrue(reason.getMessage(), reason.getMessage().startsWith(hung.url()));
        } finally {
            PeerAuthenticator.forget(client);
        }
        assertThrows(AuthenticationException.class, () -> stockCall(peer.url()));
    }

    private static HttpURLConnection stockCall(String peer) throws Exception {
        return new AuthenticatedURL(new PeerAuthenticator())
                .openConnection(new URL(peer + "/v2/admin/update_sharelib"), new AuthenticatedURL.Token());
    }

    private KerberosLogin login(KerberosAccount account) {
        KerberosLogin made = new KerberosLogin(account, System::currentTimeMillis);
        open.add(made);
        made.start();
        return made;
    }

    private PeerClient client(KerberosLogin as) {
        return client(as, 8);
    }

    private PeerClient client(KerberosLogin as, int threads) {
        PeerClient made = new PeerClient(
                new PeerTimeouts(TOTAL_MS, TOTAL_MS / 2, TOTAL_MS),
                Authentication.kerberos(as),
                PeerTrust.ofJava(),
                threads);
        open.add(made);
        return made;
    }

    private PeerException refused(PeerClient by) {
        return assertThrows(PeerException.class, () -> by.get(peer.url(), "/v2/job/x"));
    }

    private PeerException refused(String url) {
        return assertThrows(PeerException.class, () -> client.get(url, "/v2/job/x"));
    }

    private static void await(String what, long withinMs, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs);
        while (!condition.call()) {
            assertTrue("not within " + withinMs + " ms: " + what, System.nanoTime() < deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
