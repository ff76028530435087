package org.oozieha.cluster.zookeeper;

import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.testing.SkewedKdc;

/** What a server that cannot log in says at start, and that it says so at once if waiting does not help. */
public final class LoginProblemsTest {
    private static final long AT_ONCE_MS = 10_000;

    private static SecureZooKeeper zookeeper;
    private static Kdc kdc;

    @BeforeClass
    public static void start() throws Exception {
        kdc = Kdc.running();
        zookeeper = SecureZooKeeper.start();
    }

    @AfterClass
    public static void stop() {
        zookeeper.close();
    }

    @Test
    public void no_keytab() throws Exception {
        assertRefused(
                ZkSecurity.none().withKerberos(Kdc.principal("oozie"), "/nowhere/oozie.keytab"),
                "the keytab /nowhere/oozie.keytab (oozie.service.HadoopAccessorService.keytab.file) does not exist");
    }

    @Test
    public void a_keytab_that_is_none() throws Exception {
        Path text = Files.createTempFile("no", ".keytab");
        Files.write(text, new byte[] {'n', 'o'});
        assertRefused(
                ZkSecurity.none().withKerberos(Kdc.principal("oozie"), text.toString()),
                "the keytab holds no key of this principal");
    }

    @Test
    public void a_keytab_of_another_principal() throws Exception {
        assertRefused(
                ZkSecurity.none().withKerberos(Kdc.principal("oozie"), kdc.keytab(Kdc.principal("somebody"))),
                "the keytab holds no key of this principal");
    }

    @Test
    public void a_keytab_with_old_keys() throws Exception {
        String principal = Kdc.principal("changed");
        String keytab = kdc.keytab(principal);
        kdc.changePassword(principal);
        assertRefused(ZkSecurity.none().withKerberos(principal, keytab), "export the keytab again");
    }

    @Test
    public void a_principal_that_the_kdc_does_not_know() throws Exception {
        String principal = Kdc.principal("gone");
        String keytab = kdc.keytab(principal);
        kdc.forget(principal);
        assertRefused(ZkSecurity.none().withKerberos(principal, keytab), "the KDC does not know this principal");
    }

    @Test
    public void servers_that_the_kdc_does_not_know_are_left_for_one_that_it_does() throws Exception {
        List<Link> unknown = unknownServers(4);
        try {
            String all = addresses(unknown) + ',' + zookeeper.address();
            for (int i = 0; i < 3; i++) {
                ZkOptions options = SecureZooKeeper.options(all, "left", SecureZooKeeper.kerberos("oozie"));
                try (ZkCluster server = start(options)) {
                    assertTrue(server.lease().isValid());
                }
            }
        } finally {
            unknown.forEach(Link::close);
        }
    }

    @Test
    public void servers_of_which_the_kdc_knows_none() throws Exception {
        List<Link> unknown = unknownServers(2);
        try {
            assertSaid(
                    SecureZooKeeper.options(addresses(unknown), "refused", SecureZooKeeper.kerberos("oozie")),
                    "the KDC does not know ZooKeeper's principal");
        } finally {
            unknown.forEach(Link::close);
        }
    }

    @Test
    public void a_server_that_answers_pings_but_no_token_is_left() throws Exception {
        try (MuteZooKeeper mute = new MuteZooKeeper()) {
            refusal(new ZkOptions(mute.address(), "mute", 4_000, SecureZooKeeper.TICK_MS, 10_000)
                    .withSecurity(SecureZooKeeper.kerberos("oozie")));
            assertTrue("connections: " + mute.connections(), mute.connections() >= 2);
        }
    }

    /** The same server under addresses that no principal is named after. */
    private static List<Link> unknownServers(int count) throws Exception {
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String entry = "127.0.0." + (2 + i);
            assertNotEquals(Kdc.HOST, InetAddress.getByName(entry).getCanonicalHostName());
            links.add(new Link(
                    entry, 0, () -> Integer.parseInt(zookeeper.address().replaceFirst(".*:", ""))));
        }
        return links;
    }

    private static String addresses(List<Link> links) {
        return links.stream().map(Link::address).collect(Collectors.joining(","));
    }

    @Test
    public void clocks_that_differ() throws Exception {
        ZkSecurity oozie = SecureZooKeeper.kerberos("oozie");
        try (SkewedKdc skewed = new SkewedKdc(Kdc.REALM)) {
            kdc.askAt(skewed.port());
            assertRefused(oozie, "synchronise them with NTP");
        } finally {
            kdc.askAt(kdc.port());
        }
    }

    @Test
    public void a_kdc_that_is_away_is_waited_for_and_named() throws Exception {
        ZkSecurity oozie = SecureZooKeeper.kerberos("oozie");
        kdc.stop();
        try {
            ZkOptions options = new ZkOptions(zookeeper.address(), "away", 4_000, SecureZooKeeper.TICK_MS, 2_500)
                    .withSecurity(oozie);
            String message = refusal(options);
            assertTrue(message, message.contains("the KDC does not answer"));
            assertTrue(message, message.contains("oozie.ha.startup.timeout.ms"));
        } finally {
            kdc.start();
        }
    }

    @Test
    public void a_server_certificate_that_has_expired() throws Exception {
        try (SecureZooKeeper expired = SecureZooKeeper.startWithExpiredCertificate()) {
            assertNoTls(expired.secureAddress(), expired.tls(), "renew it, or set this host's clock");
        }
    }

    @Test
    public void a_server_certificate_that_nobody_vouches_for() throws Exception {
        assertNoTls(zookeeper.secureAddress(), zookeeper.tlsOfAStranger(), "oozie.ha.zookeeper.ssl.truststore.file");
    }

    @Test
    public void no_certificate_where_zookeeper_wants_one() throws Exception {
        ZkTls none = new ZkTls(
                new ZkTls.Store(zookeeper.trustStore(), KeyStores.PASSWORD, ""),
                null,
                java.util.Arrays.asList("TLSv1.3", "TLSv1.2"),
                true);
        assertNoTls(zookeeper.secureAddress(), none, "oozie.ha.zookeeper.ssl.keystore.file");
    }

    @Test
    public void a_server_that_breaks_every_handshake_off_is_waited_for_and_named() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            Thread breaker = new Thread(() -> resetAll(listener), "breaker");
            breaker.setDaemon(true);
            breaker.start();
            String address = "127.0.0.1:" + listener.getLocalPort();
            ZkOptions options = new ZkOptions(address, "broken", 4_000, SecureZooKeeper.TICK_MS, 2_500)
                    .withSecurity(ZkSecurity.none().withTls(zookeeper.tls()));
            String message = refusal(options);
            assertTrue(message, message.contains("[" + address + "] ended the connection"));
            assertTrue(message, message.contains("oozie.ha.zookeeper.ssl.keystore.file"));
            assertTrue(message, message.contains("oozie.ha.startup.timeout.ms"));
        }
    }

    private static void resetAll(ServerSocket listener) {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                client.getInputStream().read();
                client.setSoLinger(true, 0);
            } catch (IOException e) {
                // the client has gone, or the test is over
            }
        }
    }

    @Test
    public void no_version_of_tls_in_common() throws Exception {
        assertNoTls(zookeeper.secureAddress(), zookeeper.tls("TLSv1.3"), "oozie.ha.zookeeper.ssl.protocols");
    }

    @Test
    public void a_port_that_does_not_speak_tls() throws Exception {
        assertNoTls(zookeeper.address(), zookeeper.tls(), "use its secureClientPort");
    }

    @Test
    public void a_store_with_another_password() throws Exception {
        ZkTls wrong = new ZkTls(
                new ZkTls.Store(new KeyStores().keys("k", 1, 10), "wrong", ""),
                null,
                java.util.Collections.singletonList("TLSv1.2"),
                true);
        assertNoTls(zookeeper.secureAddress(), wrong, "oozie.ha.zookeeper.ssl.{truststore,keystore}");
    }

    private static void assertNoTls(String address, ZkTls tls, String advice) {
        assertSaid(SecureZooKeeper.options(address, "refused", ZkSecurity.none().withTls(tls)), advice);
    }

    private static void assertRefused(ZkSecurity security, String advice) {
        assertSaid(SecureZooKeeper.options(zookeeper.address(), "refused", security), advice);
    }

    private static void assertSaid(ZkOptions options, String advice) {
        long startedNanos = System.nanoTime();
        String message = refusal(options);
        System.out.println(message);
        assertTrue(message, message.contains(advice));
        long tookMs = (System.nanoTime() - startedNanos) / 1_000_000;
        assertTrue("took " + tookMs + " ms", tookMs < AT_ONCE_MS * Long.getLong("it.timing.scale", 1));
    }

    private static String refusal(ZkOptions options) {
        return assertThrows(ClusterStartException.class, () -> start(options)).getMessage();
    }

    private static ZkCluster start(ZkOptions options) throws Exception {
        return ZkCluster.start(
                options, new ServerIdentity("a", "http://a:11000/oozie", "test", "test", 1), System::currentTimeMillis);
    }
}
