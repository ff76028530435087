package org.oozieha.cluster.zookeeper;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.oozieha.testing.Eventually.passes;
import static org.oozieha.testing.Eventually.until;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LeaseTerms;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;

/** How a session begins, is refused, and outlives what is not its end. */
public final class SessionLifeTest {
    private static final int SESSION_MS = 2_400;

    private final List<AutoCloseable> open = new ArrayList<>();
    private EmbeddedZooKeeper zookeeper;

    @Before
    public void start() throws Exception {
        zookeeper = new EmbeddedZooKeeper();
    }

    @After
    public void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        zookeeper.close();
    }

    @Test
    public void a_session_is_re_attached_after_local_give_ups_in_an_outage_longer_than_three_timeouts()
            throws Exception {
        ZkCluster a = join("a", zookeeper.address());
        Incarnation first = a.lease().incarnation();
        for (int outage = 1; outage <= 2; outage++) {
            int before = a.reattachments();
            zookeeper.stop();
            until("two local give-ups in a row", () -> a.reattachments() >= before + 2);
            passes(SESSION_MS / 2);
            assertTrue(a.lease().stands(first));
            zookeeper.start();
            until("valid again", () -> a.lease().isValid());
            assertEquals("outage " + outage, first, a.lease().incarnation());
            until("in the listing", () -> a.members().contains(first));
        }
    }

    @Test
    public void the_servers_word_ends_an_incarnation_also_when_a_re_attached_handle_hears_it() throws Exception {
        Link link = link();
        ZkCluster a = join("a", link.address());
        Incarnation first = a.lease().incarnation();
        link.cut();
        until("a local give-up", () -> a.reattachments() >= 1);
        link.heal();
        until(
                "a new incarnation",
                () -> a.lease().isValid() && a.lease().incarnation().supersedes(first));
    }

    @Test
    public void an_ensemble_that_lost_its_data_is_joined_in_a_new_incarnation() throws Exception {
        ZkCluster a = join("a", zookeeper.address());
        Incarnation first = a.lease().incarnation();
        zookeeper.stop();
        zookeeper.startEmpty();
        until(
                "a new incarnation",
                () -> a.lease().isValid() && a.lease().incarnation().supersedes(first));
    }

    @Test
    public void a_connection_attempt_that_is_swallowed_does_not_delay_the_next_by_a_session_timeout() throws Exception {
        int sessionMs = 9_000;
        Link link = link();
        ZkCluster a = ZkCluster.start(
                new ZkOptions(link.address(), "oozie", sessionMs, EmbeddedZooKeeper.TICK_MS, 20_000),
                identity("a"),
                System::currentTimeMillis);
        open.add(a);
        link.cut();
        until("a connection attempt hangs", () -> link.waitingConnections() == 1);
        link.healLosingNewConnections();
        long healed = System.nanoTime();
        until("valid again", () -> a.lease().remainingMs() > sessionMs / 2);
        long tookMs = (System.nanoTime() - healed) / 1_000_000;
        assertTrue("took " + tookMs, tookMs < 5_000 * Long.getLong("it.timing.scale", 1));
    }

    @Test
    public void a_timeout_that_leaves_no_safe_lease_is_refused_with_the_numbers() throws Exception {
        String why = refusal("a", zookeeper.address(), 1_000, EmbeddedZooKeeper.TICK_MS, 10_000);
        assertTrue(why, why.contains("oozie.ha.session.timeout.ms") && why.contains("1000"));
    }

    @Test
    public void a_bad_connection_string_is_refused_at_once_with_its_key() throws Exception {
        long before = System.nanoTime();
        String why = refusal("a", "not a host:port:port", SESSION_MS, EmbeddedZooKeeper.TICK_MS, 30_000);
        assertTrue(why, why.contains("oozie.zookeeper.connection.string = not a host:port:port"));
        assertTrue("at once", System.nanoTime() - before < 10_000_000_000L);
    }

    @Test
    public void an_absent_zookeeper_is_waited_for_as_long_as_configured_and_then_named() throws Exception {
        int port = zookeeper.port();
        zookeeper.stop();
        long before = System.nanoTime();
        String why = refusal("a", "127.0.0.1:" + port, SESSION_MS, EmbeddedZooKeeper.TICK_MS, 1_500);
        long tookMs = (System.nanoTime() - before) / 1_000_000;
        assertTrue(why, why.contains("oozie.ha.startup.timeout.ms = 1500") && why.contains("127.0.0.1:" + port));
        assertTrue("took " + tookMs, tookMs >= 1_500 && tookMs < 10_000);
        zookeeper.start();
    }

    @Test
    public void a_zookeeper_that_comes_up_within_the_startup_timeout_is_good() throws Exception {
        zookeeper.stop();
        Thread starter = new Thread(() -> {
            passes(700);
            try {
                zookeeper.start();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        starter.start();
        ZkCluster a = join("a", zookeeper.address());
        starter.join();
        assertTrue(a.lease().isValid());
    }

    @Test
    public void a_zookeeper_older_than_3_5_5_is_refused() throws Exception {
        StringBuilder classPath = new StringBuilder();
        for (File jar : new File("target/zookeeper-3.4").listFiles()) {
            classPath.append(jar).append(File.pathSeparatorChar);
        }
        ZooKeeperProcess old = ZooKeeperProcess.single(classPath.toString(), EmbeddedZooKeeper.TICK_MS)
                .start();
        open.add(old);
        until("the old server serves", () -> old.mode().equals("standalone"));
        String why = refusal("a", old.address(), SESSION_MS, EmbeddedZooKeeper.TICK_MS, 20_000);
        assertTrue(why, why.contains("older than 3.5.5"));
    }

    @Test
    public void a_missing_chroot_is_refused_and_not_created() throws Exception {
        String why = refusal("a", zookeeper.address() + "/no/such/root", SESSION_MS, EmbeddedZooKeeper.TICK_MS, 10_000);
        assertTrue(why, why.contains("chroot"));
        assertFalse(zookeeper.admin().getChildren("/", false).contains("no"));
    }

    @Test
    public void a_chroot_that_exists_keeps_everything_below_it() throws Exception {
        zookeeper.admin().create("/root", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        join("a", zookeeper.address() + "/root");
        assertEquals("[root, zookeeper]", sorted(zookeeper.admin().getChildren("/", false)));
        assertEquals("[oozie]", sorted(zookeeper.admin().getChildren("/root", false)));
    }

    @Test
    public void a_newer_layout_is_refused() throws Exception {
        join("a", zookeeper.address()).close();
        zookeeper.admin().setData("/oozie/ha/format", "2.1".getBytes(), -1);
        String why = refusal("a", zookeeper.address(), SESSION_MS, EmbeddedZooKeeper.TICK_MS, 10_000);
        assertTrue(why, why.contains("2.1") && why.contains("/ha/format"));
    }

    @Test
    public void a_damaged_member_node_is_skipped_and_logged_once() throws Exception {
        ZkCluster a = join("a", zookeeper.address());
        String path = "/oozie/ha/servers/broken";
        zookeeper.admin().create(path, "{\"id\":".getBytes(), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        until("reported", () -> a.damagedMembers() == 1);
        ZkCluster b = join("b", zookeeper.address());
        until("others are seen", () -> a.members().contains(b.lease().incarnation()));
        assertEquals("[a, b]", ids(a));
        assertEquals("still reported once", 1, a.damagedMembers());
    }

    @Test
    public void a_second_process_with_the_same_id_is_refused_and_told_who_holds_it() throws Exception {
        ZkCluster a = join("a", zookeeper.address());
        String why = refusal("a", zookeeper.address(), SESSION_MS, EmbeddedZooKeeper.TICK_MS, 20_000);
        assertTrue(why, why.contains(a.lease().incarnation().toString()) && why.contains("http://a:11000/oozie"));
        assertTrue(why, why.contains("oozie.instance.id"));
        assertTrue("the first one is untouched", a.lease().isValid());
    }

    @Test
    public void a_restart_two_seconds_after_a_crash_waits_for_the_old_session_and_works() throws Exception {
        Link link = link();
        ZkCluster crashed = join("a", link.address());
        Incarnation first = crashed.lease().incarnation();
        link.cut();
        passes(2_000);
        ZkCluster restarted = join("a", zookeeper.address());
        assertTrue(restarted.lease().incarnation().supersedes(first));
        assertFalse(crashed.lease().isValid());
    }

    @Test
    public void an_incarnation_number_grows_also_when_the_wall_clock_went_back() throws Exception {
        ZkCluster before = ZkCluster.start(options(zookeeper.address()), identity("a"), () -> 5_000);
        long number = before.lease().incarnation().number();
        before.close();
        ZkCluster after = ZkCluster.start(options(zookeeper.address()), identity("a"), () -> 1_000);
        open.add(after);
        assertEquals(5_000, number);
        assertEquals(5_001, after.lease().incarnation().number());
    }

    @Test
    public void an_incarnation_number_grows_also_over_a_wipe_with_the_clock_set_back() throws Exception {
        AtomicLong clock = new AtomicLong(5_000);
        ZkCluster a = ZkCluster.start(options(zookeeper.address()), identity("a"), clock::get);
        open.add(a);
        clock.set(1_000);
        zookeeper.wipe("/oozie");
        until(
                "a new incarnation",
                () -> a.lease().isValid() && a.lease().incarnation().number() == 5_001);
    }

    @Test
    public void a_state_announced_while_no_session_is_registered_reaches_all() throws Exception {
        ZkCluster a = join("a", zookeeper.address());
        ZkCluster b = join("b", zookeeper.address());
        for (ServerState state : new ServerState[] {ServerState.ACTIVE, ServerState.SAFEMODE, ServerState.DRAINING}) {
            Incarnation before = a.lease().incarnation();
            zookeeper.expireOwnerOf("/oozie" + Paths.server("a"));
            until("the end is known", () -> !a.lease().stands(before));
            a.announce(state);
            until(state + " is seen", () -> sees(b, "a", state, before));
        }
    }

    @Test
    public void a_state_announced_while_the_answer_to_the_registration_is_lost_reaches_all() throws Exception {
        Link link = link();
        ZkCluster a = join("a", link.address());
        ZkCluster b = join("b", zookeeper.address());
        Incarnation before = a.lease().incarnation();
        link.loseAnswerTo("http://a:11000/oozie", () -> {
            until("it is registered", () -> sees(b, "a", ServerState.JOINING, before));
            a.announce(ServerState.DRAINING);
        });
        zookeeper.expireOwnerOf("/oozie" + Paths.server("a"));
        until("it is seen as draining", () -> sees(b, "a", ServerState.DRAINING, before));
    }

    @Test
    public void a_session_timeout_that_shrank_shortens_the_lease_at_once() {
        ZkLease lease = new ZkLease();
        lease.begin(Incarnation.of("a", 1), System.nanoTime(), LeaseTerms.of(60_000, 100));
        lease.cap(LeaseTerms.of(2_400, 100));
        assertTrue(lease.isValid() && lease.remainingMs() <= 1_400);
        lease.cap(LeaseTerms.of(60_000, 100));
        assertTrue("never longer", lease.remainingMs() <= 1_400);
    }

    private ZkCluster join(String id, String address) throws Exception {
        ZkCluster cluster = ZkCluster.start(options(address), identity(id), System::currentTimeMillis);
        open.add(cluster);
        return cluster;
    }

    private static ZkOptions options(String address) {
        return new ZkOptions(address, "oozie", SESSION_MS, EmbeddedZooKeeper.TICK_MS, 20_000);
    }

    private static ServerIdentity identity(String id) {
        return new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1);
    }

    private static String refusal(String id, String address, int sessionMs, int tickMs, long startupMs) {
        try {
            ZkCluster.start(
                            new ZkOptions(address, "oozie", sessionMs, tickMs, startupMs),
                            identity(id),
                            System::currentTimeMillis)
                    .close();
            throw new AssertionError("started");
        } catch (ClusterStartException refused) {
            return refused.getMessage();
        }
    }

    private static boolean sees(ZkCluster cluster, String id, ServerState state, Incarnation before) {
        return cluster.members()
                .find(id)
                .filter(m -> m.state() == state && m.incarnation().supersedes(before))
                .isPresent();
    }

    private Link link() throws Exception {
        Link link = new Link(zookeeper::port);
        open.add(0, link);
        return link;
    }

    private static String ids(ZkCluster cluster) {
        List<String> ids = new ArrayList<>();
        cluster.members().all().forEach(m -> ids.add(m.id()));
        return ids.toString();
    }

    private static String sorted(List<String> names) {
        List<String> copy = new ArrayList<>(names);
        java.util.Collections.sort(copy);
        return copy.toString();
    }
}
