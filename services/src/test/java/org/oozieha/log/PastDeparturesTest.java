package org.oozieha.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.oozieha.testing.Eventually.until;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.SharedValue;
import org.oozieha.cluster.memory.MemoryEnsemble;
import org.oozieha.cluster.zookeeper.EmbeddedZooKeeper;
import org.oozieha.cluster.zookeeper.ZkCluster;
import org.oozieha.cluster.zookeeper.ZkOptions;

/** Servers that start one after the other, on a real ZooKeeper server. */
public final class PastDeparturesTest {
    private static final int SESSION_MS = 4_000;
    private static final long WAIT_MS = 20_000;

    private final AtomicLong clock = new AtomicLong();
    private final List<Server> servers = new ArrayList<>();
    private EmbeddedZooKeeper zookeeper;

    @Before
    public void start() throws Exception {
        zookeeper = new EmbeddedZooKeeper();
    }

    @After
    public void stop() {
        servers.forEach(Server::stop);
        zookeeper.close();
    }

    @Test
    public void a_server_that_left_before_this_one_started_is_known_whoever_was_there_then() throws Exception {
        start("c").stop();
        clock.set(1_030);
        assertEquals("[c: had left by]", start("b").since(1_030));
    }

    @Test
    public void who_saw_it_leave_records_when_for_those_that_start_later() throws Exception {
        Server a = start("a");
        Server c = start("c");
        clock.set(1_000);
        c.stop();
        until("seen", () -> a.since(1_000).equals("[c: left at]"));
        until("recorded", () -> value("/ha/departed/c").matches("\\d+ 1000"));
        clock.set(1_030);
        Server b = start("b");
        assertEquals("[c: had left by]", b.since(1_000));
        assertEquals("no line in a job that began after it", "[]", b.since(1_001));
    }

    @Test
    public void restarts_do_not_move_the_time_at_which_it_was_first_found_gone() throws Exception {
        start("c").stop();
        clock.set(1_000);
        start("b").stop();
        clock.set(2_000);
        Server b = start("b");
        assertEquals("[c: had left by]", b.since(1_000));
        assertEquals("[]", b.since(1_001));
    }

    @Test
    public void one_that_comes_back_is_asked_itself_and_its_next_departure_has_a_time_of_its_own() throws Exception {
        start("c").stop();
        clock.set(1_000);
        Server b = start("b");
        assertEquals("[c: had left by]", b.since(1_000));
        Server c = start("c");
        until("back", () -> b.since(0).equals("[]"));
        clock.set(2_000);
        c.stop();
        until("recorded", () -> value("/ha/departed/c").endsWith(" 2000"));
        assertEquals("[c: left at]", b.since(2_000));
        assertEquals("[c: had left by]", start("a").since(2_000));
    }

    @Test
    public void damaged_znodes_hide_no_server() throws Exception {
        start("c").stop();
        start("d").stop();
        clock.set(1_000);
        Server b = start("b");
        set("/ha/departed/c", "damaged");
        set("/ha/incarnations/d", "damaged");
        b.stop();
        clock.set(2_000);
        assertEquals("[c: had left by, d: had left by]", start("b").since(2_000));
        assertTrue(value("/ha/departed/c").endsWith(" 2000"));
    }

    @Test
    public void after_a_wipe_the_servers_that_saw_it_leave_still_know() throws Exception {
        Server a = start("a");
        start("c").stop();
        until("seen", () -> a.since(0).equals("[c: left at]"));
        zookeeper.wipe("/oozie");
        until("registered anew", () -> !value("/ha/incarnations/a").isEmpty());
        until("the only one that left", () -> a.since(0).equals("[c: left at]"));
    }

    @Test
    public void while_zookeeper_is_away_the_log_is_known_to_be_incomplete_and_not_for_longer() throws Exception {
        start("c").stop();
        Server b = join("b");
        zookeeper.stop();
        b.past.start(100);
        assertFalse(b.departed.isComplete());
        zookeeper.start();
        until("known", () -> b.departed.isComplete());
        assertEquals("[c: had left by]", b.since(0));
    }

    @Test
    public void where_the_record_fails_the_time_of_the_look_counts_and_recording_is_tried_again() throws Exception {
        ScheduledThreadPoolExecutor impatient = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                return super.schedule(task, Math.min(unit.toMillis(delay), 50), TimeUnit.MILLISECONDS);
            }
        };
        try (MemoryEnsemble ensemble = MemoryEnsemble.live()) {
            Cluster b = ensemble.join("b");
            for (String id : Arrays.asList("b", "c", "d")) {
                assertTrue(b.value("/ha/incarnations/" + id)
                        .compareAndSet(SharedValue.Version.absent(), "1".getBytes(US_ASCII), WAIT_MS));
            }
            clock.set(1_000);
            DepartedServers departed = new DepartedServers(clock::get);
            ensemble.loseNextAnswer("b");
            new PastDepartures(b, departed, clock::get, impatient).start(WAIT_MS);
            assertTrue(departed.isComplete());
            assertEquals("[c: had left by, d: had left by]", withoutTimes(departed.since(1_000)));
            for (String id : Arrays.asList("c", "d")) {
                until("recorded", () -> recorded(b, id).equals("1 1000"));
            }
        } finally {
            impatient.shutdownNow();
        }
    }

    private static String recorded(Cluster cluster, String id) {
        try {
            return new String(cluster.value("/ha/departed/" + id).read(WAIT_MS).data(), US_ASCII);
        } catch (ClusterUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    private Server start(String id) throws Exception {
        Server server = join(id);
        server.past.start(WAIT_MS);
        assertTrue(server.departed.isComplete());
        return server;
    }

    private Server join(String id) throws Exception {
        Server server = new Server(id);
        servers.add(server);
        return server;
    }

    private String value(String path) {
        try {
            return new String(zookeeper.admin().getData("/oozie" + path, false, null), US_ASCII);
        } catch (org.apache.zookeeper.KeeperException.NoNodeException notYet) {
            return "";
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void set(String path, String data) throws Exception {
        zookeeper.admin().setData("/oozie" + path, data.getBytes(US_ASCII), -1);
    }

    private static String withoutTimes(List<MissingPart> parts) {
        return parts.toString().replaceAll(" \\d[-0-9 :,]*(?=[,\\]])", "");
    }

    private final class Server {
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        private final Cluster cluster;
        private final DepartedServers departed = new DepartedServers(clock::get);
        private final PastDepartures past;

        private Server(String id) throws Exception {
            cluster = ZkCluster.start(
                    new ZkOptions(zookeeper.address(), "oozie", SESSION_MS, EmbeddedZooKeeper.TICK_MS, 20_000),
                    new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1),
                    System::currentTimeMillis);
            past = new PastDepartures(cluster, departed, clock::get, thread);
            cluster.listen(departed);
            cluster.listen(past);
        }

        /** The servers named in the log of a job that began then. */
        private String since(long ms) {
            return withoutTimes(departed.since(ms));
        }

        private void stop() {
            thread.shutdownNow();
            cluster.close();
        }
    }
}
