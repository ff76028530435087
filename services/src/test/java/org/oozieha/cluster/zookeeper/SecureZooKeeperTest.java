package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;
import static org.oozieha.testing.Eventually.until;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.SharedValue;
import org.oozieha.cluster.WatchedDirectory;
import org.oozieha.testing.Eventually;

/** Kerberos, digest and TLS against a real ZooKeeper and a real KDC. */
public final class SecureZooKeeperTest {
    private static final List<ACL> STOCK =
            Collections.singletonList(new ACL(ZooDefs.Perms.ALL, new Id("sasl", "oozie")));

    private static final int SESSION_MS = 5_000;

    private static SecureZooKeeper zookeeper;

    @BeforeClass
    public static void start() throws Exception {
        zookeeper = SecureZooKeeper.start();
    }

    @AfterClass
    public static void stop() {
        zookeeper.close();
    }

    @Test
    public void kerberos() throws Exception {
        assertServes(zookeeper.address(), "kerberos", SecureZooKeeper.kerberos("oozie"), "sasl:oozie:cdrwa");
    }

    @Test
    public void kerberos_over_tls_with_servers_that_speak_1_2_only() throws Exception {
        ZkSecurity both = SecureZooKeeper.kerberos("oozie").withTls(zookeeper.tls());
        assertServes(zookeeper.secureAddress(), "both", both, "sasl:oozie:cdrwa");
    }

    @Test
    public void tls_alone() throws Exception {
        ZkSecurity tls = ZkSecurity.none().withTls(zookeeper.tls());
        assertServes(zookeeper.secureAddress(), "tls", tls, "world:anyone:cdrwa");
    }

    @Test
    public void digest_over_tls() throws Exception {
        ZkSecurity digest = ZkSecurity.none().withDigest("oozie", "secret").withTls(zookeeper.tls());
        assertServes(zookeeper.secureAddress(), "digest", digest, digest.aclText());
    }

    @Test
    public void a_directory_outside_of_the_namespace_is_read_with_this_servers_login_and_encryption() throws Exception {
        ZkSecurity both = SecureZooKeeper.kerberos("oozie").withTls(zookeeper.tls());
        ZkOptions options = SecureZooKeeper.options(zookeeper.secureAddress(), "reads", both);
        try (Visitor oozie = new Visitor(options);
                ForeignEnsemble ensemble = ForeignEnsemble.open(options.withoutNamespace())) {
            oozie.zk().create("/hive", new byte[0], STOCK, CreateMode.PERSISTENT);
            WatchedDirectory hive = ensemble.directory("/hive");
            oozie.zk().create("/hive/metastore", "h:1".getBytes(UTF_8), STOCK, CreateMode.EPHEMERAL);
            until("found", () -> hive.entries().containsKey("metastore"));
        }
    }

    @Test
    public void jaas_of_the_jvm_is_neither_asked_nor_changed() throws Exception {
        Asked asked = new Asked(Collections.emptyMap());
        Configuration.setConfiguration(asked);
        try {
            assertServes(zookeeper.address(), "jaas", SecureZooKeeper.kerberos("oozie"), "sasl:oozie:cdrwa");
            assertSame(asked, Configuration.getConfiguration());
            assertEquals(Collections.emptyList(), asked.names);
        } finally {
            Configuration.setConfiguration(null);
        }
    }

    @Test
    public void znodes_are_shared_with_clients_that_log_in_as_stock_servers_do() throws Exception {
        ZkOptions options = SecureZooKeeper.options(zookeeper.address(), "stock", SecureZooKeeper.kerberos("oozie"));
        Kdc kdc = Kdc.running();
        kdc.stop();
        // ZooKeeper's own login renews at most once a minute: with shorter tickets its thread spins, and closing waits
        // for it
        kdc.start(3_600);
        String principal = Kdc.principal("oozie");
        Asked client = new Asked(Collections.singletonMap("Client", kdc.keytab(principal)));
        Configuration.setConfiguration(client);
        ZooKeeper stock = stock();
        try (ZkCluster server = cluster(options, "a")) {
            assertEquals(STOCK, stock.getACL("/stock/ha", null));
            stock.create("/stock/services", new byte[0], STOCK, CreateMode.PERSISTENT);
            stock.create("/stock/services/servers", new byte[0], STOCK, CreateMode.PERSISTENT);
            stock.create("/stock/services/servers/s", stockEntry(), STOCK, CreateMode.EPHEMERAL);
            until("the stock server is seen", () -> server.members().stockPresent());
            until("and sees this one", () -> exists(stock, "/stock/services/servers/a"));
            assertEquals(STOCK, stock.getACL("/stock/services/servers/a", null));
            assertTrue("stock's own login asked JAAS", client.names.contains("Client"));
        } finally {
            stock.close();
            Configuration.setConfiguration(null);
            kdc.stop();
            kdc.start();
        }
    }

    @Test
    public void a_stranger_and_an_anonymous_client_are_refused_everything_on_every_kind_of_znode() throws Exception {
        ZkOptions options = SecureZooKeeper.options(zookeeper.address(), "refuse", SecureZooKeeper.kerberos("oozie"));
        try (ZkCluster a = cluster(options, "a");
                ZkCluster b = cluster(options, "b");
                Visitor oozie = new Visitor(options);
                Visitor mallory = new Visitor(
                        SecureZooKeeper.options(zookeeper.address(), "refuse", SecureZooKeeper.kerberos("mallory")));
                Visitor anonymous =
                        new Visitor(SecureZooKeeper.options(zookeeper.address(), "refuse", ZkSecurity.none()))) {
            oozie.zk().create("/refuse/services", new byte[0], STOCK, CreateMode.PERSISTENT);
            oozie.zk().create("/refuse/services/servers", new byte[0], STOCK, CreateMode.PERSISTENT);
            oozie.zk().create("/refuse/services/servers/s", stockEntry(), STOCK, CreateMode.EPHEMERAL);
            until("entries for stock", () -> exists(oozie.zk(), "/refuse/services/servers/b"));
            for (String value : Arrays.asList("/job_id_sequence", "/ha/idstart", "/ha/secrets", "/ha/takeovers")) {
                assertTrue(a.value(value).compareAndSet(SharedValue.Version.absent(), new byte[8], 5_000));
            }
            CountDownLatch locked = new CountDownLatch(2);
            LockQueue.Claim first = a.locks().enqueue("read", LockQueue.Mode.READ, new Granted(locked));
            LockQueue.Claim second = b.locks().enqueue("write", LockQueue.Mode.WRITE, new Granted(locked));
            assertTrue(locked.await(10, TimeUnit.SECONDS));

            List<String> kinds = new ArrayList<>();
            List<String> allowed = new ArrayList<>();
            for (String path : oozie.tree("/refuse")) {
                kinds.add(path.replaceAll("_c_[-0-9a-f]+__", "<attempt>__").replaceAll("\\d{10}$", "<sequence>"));
                refused(path, "mallory@" + Kdc.REALM, mallory, allowed);
                refused(path, "anonymous", anonymous, allowed);
            }
            assertTrue(
                    kinds.toString(),
                    kinds.containsAll(Arrays.asList(
                            "/refuse",
                            "/refuse/ha/format",
                            "/refuse/ha/servers/a",
                            "/refuse/ha/heartbeats/b",
                            "/refuse/ha/incarnations/a",
                            "/refuse/ha/idstart",
                            "/refuse/ha/secrets",
                            "/refuse/ha/takeovers",
                            "/refuse/job_id_sequence",
                            "/refuse/services/servers/a",
                            "/refuse/locks/read",
                            "/refuse/locks/read/<attempt>__READ__<sequence>",
                            "/refuse/locks/write/<attempt>__WRIT__<sequence>")));
            assertEquals(Collections.emptyList(), allowed);
            first.release();
            second.release();
        }
    }

    @Test
    public void a_session_that_reconnects_while_the_kdc_is_away_goes_on_when_it_is_back() throws Exception {
        Kdc kdc = Kdc.running();
        ZkSecurity security = SecureZooKeeper.kerberos("oozie");
        kdc.stop();
        kdc.start(4);
        ZkOptions options = new ZkOptions(zookeeper.address(), "outage", SESSION_MS, SecureZooKeeper.TICK_MS, 15_000)
                .withSecurity(security);
        try (ZkCluster server = cluster(options, "a")) {
            Incarnation before = server.lease().incarnation();
            kdc.stop();
            Eventually.passes(5_000);
            zookeeper.restart();
            Eventually.passes(2 * SESSION_MS + 1_000);
            assertFalse("nobody logs in without a KDC", server.lease().isValid());
            kdc.start();
            until("it goes on", () -> server.lease().isValid());
            assertEquals("the session lived", before, server.lease().incarnation());
        } finally {
            Kdc.running();
        }
    }

    @Test
    public void a_service_ticket_that_could_not_be_fetched_with_new_tickets_is_asked_for_again() throws Exception {
        Kdc kdc = Kdc.running();
        String principal = Kdc.principal("oozie");
        String keytab = kdc.keytab(principal);
        List<Long> triedNanos = new CopyOnWriteArrayList<>();
        try (KerberosLogin login = new KerberosLogin(principal, keytab, System::currentTimeMillis)) {
            login.schedule(
                    () -> {
                        login.rehearse(() -> {
                            triedNanos.add(System.nanoTime());
                            if (triedNanos.size() == 1) {
                                throw new IllegalStateException("the KDC has gone meanwhile");
                            }
                            return null;
                        });
                        try {
                            login.run(() -> null);
                        } catch (LoginProblem | java.security.PrivilegedActionException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    0);
            until("asked again", () -> triedNanos.size() >= 2);
            long pauseMs = (triedNanos.get(1) - triedNanos.get(0)) / 1_000_000;
            assertTrue("before the next renewal: " + pauseMs, pauseMs < Kdc.TICKET_SECONDS * 1_000 * 6 / 10);
        }
    }

    private static void refused(String path, String who, Visitor visitor, List<String> allowed)
            throws InterruptedException {
        String line = String.format("%-75s %-20s %s", path, who, visitor.attempts(path));
        System.out.println(line);
        // what is above the namespace decides who may delete its node, and is not the pack's: the children keep it
        String own = path.equals("/refuse") ? line.replace("delete=NOTEMPTY", "delete=refused") : line;
        if (!own.replace("=refused", "").matches("[^=]*")) {
            allowed.add(line);
        }
    }

    private static void assertServes(String address, String namespace, ZkSecurity security, String acl)
            throws Exception {
        ZkOptions options = SecureZooKeeper.options(address, namespace, security);
        try (ZkCluster server = cluster(options, "a")) {
            assertTrue(server.lease().isValid());
            CountDownLatch locked = new CountDownLatch(1);
            server.locks().enqueue("key", LockQueue.Mode.WRITE, new Granted(locked));
            assertTrue("a lock is granted", locked.await(10, TimeUnit.SECONDS));
            AclReport report = new TreeAccess(options, 10_000).check();
            assertEquals(acl, report.wanted());
            assertTrue("znodes: " + report.seen(), report.seen() > 10);
            assertEquals(Collections.emptyMap(), report.firstDifferent());
            assertEquals(
                    "[a]",
                    ServerListing.read(options, Collections.emptyList()).members().all().stream()
                            .map(m -> m.id())
                            .collect(java.util.stream.Collectors.toList())
                            .toString());
        }
    }

    private static ZkCluster cluster(ZkOptions options, String id) throws Exception {
        return ZkCluster.start(
                options,
                new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1),
                System::currentTimeMillis);
    }

    /** ZooKeeper's own client, which finds its login in JAAS. */
    private static ZooKeeper stock() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(zookeeper.address(), 4_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SaslAuthenticated) {
                connected.countDown();
            }
        });
        assertTrue("logged in by JAAS", connected.await(10, TimeUnit.SECONDS));
        return client;
    }

    private static byte[] stockEntry() {
        return ("{\"name\":\"servers\",\"id\":\"s\",\"address\":\"10.0.0.1\",\"port\":null,\"sslPort\":null,"
                        + "\"payload\":{\"OOZIE_ID\":\"s\",\"OOZIE_URL\":\"http://stock:11000/oozie\"},"
                        + "\"registrationTimeUTC\":1,\"serviceType\":\"DYNAMIC\",\"uriSpec\":null}")
                .getBytes(UTF_8);
    }

    private static boolean exists(ZooKeeper client, String path) {
        try {
            return client.exists(path, false) != null;
        } catch (Exception e) {
            return false;
        }
    }

    private static final class Granted implements LockQueue.ClaimListener {
        private final CountDownLatch granted;

        private Granted(CountDownLatch granted) {
            this.granted = granted;
        }

        @Override
        public void granted() {
            granted.countDown();
        }

        @Override
        public void contended() {}

        @Override
        public void lost() {}
    }

    /** JAAS for the whole JVM, which remembers what it was asked for. */
    private static final class Asked extends Configuration {
        private final List<String> names = new CopyOnWriteArrayList<>();
        private final java.util.Map<String, String> keytabs;

        private Asked(java.util.Map<String, String> keytabs) {
            this.keytabs = keytabs;
        }

        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            names.add(name);
            if (!keytabs.containsKey(name)) {
                return null;
            }
            java.util.Map<String, String> options = new java.util.HashMap<>();
            options.put("useKeyTab", "true");
            options.put("storeKey", "true");
            options.put("keyTab", keytabs.get(name));
            options.put("principal", Kdc.principal("oozie"));
            return new AppConfigurationEntry[] {
                new AppConfigurationEntry(
                        "com.sun.security.auth.module.Krb5LoginModule",
                        AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                        options)
            };
        }
    }
}
