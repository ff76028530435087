package org.oozieha.id;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.oozieha.testing.Eventually.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooKeeper;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.zookeeper.ZkCluster;
import org.oozieha.cluster.zookeeper.ZkOptions;

/** Two servers on a real ZooKeeper. */
public final class JobNumbersOnZooKeeperTest {
    private static final long SCALE = Long.getLong("it.timing.scale", 1);
    private static final int TICK_MS = 100;
    private static final int SESSION_MS = 3_000;

    private final Set<String> issued = ConcurrentHashMap.newKeySet();
    private final List<String> recorded = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TestingServer zooKeeper;
    private Server a;
    private Server b;

    @Before
    public void start() throws Exception {
        zooKeeper = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MS, -1), true);
        a = new Server("a");
        b = new Server("b");
    }

    @After
    public void stop() throws Exception {
        threads.shutdownNow();
        a.close();
        b.close();
        zooKeeper.close();
    }

    @Test
    public void eight_threads_on_two_servers_get_different_numbers() throws Exception {
        int each = 5_000;
        List<Future<?>> done = new ArrayList<>();
        long begun = System.nanoTime();
        for (Server server : new Server[] {a, b}) {
            for (int thread = 0; thread < 4; thread++) {
                done.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        server.issue();
                    }
                }));
            }
        }
        for (Future<?> thread : done) {
            thread.get(60 * SCALE, TimeUnit.SECONDS);
        }
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertEquals(8 * each, issued.size());
        System.out.println("job numbers: " + issued.size() + " in " + ms + " ms, 2 servers, 8 threads, one ZooKeeper");
    }

    @Test
    public void an_outage_of_five_thousand_ids_and_a_wipe_repeat_nothing() throws Exception {
        StartTime normal = a.issue().startTime();
        b.issue();
        zooKeeper.stop();
        long slowest = 0;
        for (int i = 0; i < 5_000; i++) {
            long begun = System.nanoTime();
            a.issue();
            slowest = Math.max(slowest, System.nanoTime() - begun);
            b.issue();
        }
        long slowestMs = TimeUnit.NANOSECONDS.toMillis(slowest);
        System.out.println("job numbers: 5000 in an outage, slowest " + slowestMs + " ms");
        assertTrue("slowest " + slowestMs + " ms", slowestMs < 3_000 * SCALE);

        zooKeeper.restart();
        until("the used reserve is replaced", () -> a.numbers.reserveLeft() == 9_999_990);
        until(
                "numbers come from the shared sequence",
                () -> a.issue().startTime().millis() == normal.millis());

        long highest = 0;
        for (int i = 0; i < 250; i++) {
            highest = Math.max(highest, a.record().number());
        }
        String before = a.cluster.lease().incarnation().toString();
        wipe();
        until("a registers anew", () -> {
            a.issue();
            b.issue();
            return !a.cluster.lease().incarnation().toString().equals(before)
                    && a.cluster.lease().isValid();
        });
        for (int i = 0; i < 1_000; i++) {
            a.issue();
            b.issue();
        }
        JobNumber first;
        try (Server c = new Server("c")) {
            first = c.issue();
        }
        assertTrue(first + " is above " + highest, first.number() > highest);
    }

    private void wipe() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper admin = new ZooKeeper(zooKeeper.getConnectString(), 30_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        assertTrue(connected.await(10 * SCALE, TimeUnit.SECONDS));
        for (int attempt = 0; attempt < 50; attempt++) {
            try {
                ZKUtil.deleteRecursive(admin, "/oozie");
                break;
            } catch (KeeperException.NoNodeException | KeeperException.NotEmptyException raced) {
                // a server wrote meanwhile
            }
        }
        admin.close();
    }

    private final class Server implements AutoCloseable {
        private final String id;
        private final Cluster cluster;
        private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor();
        private final JobNumbers numbers;

        Server(String id) throws Exception {
            this.id = id;
            cluster = ZkCluster.start(
                    new ZkOptions(zooKeeper.getConnectString(), "oozie", SESSION_MS, TICK_MS, 20_000 * SCALE),
                    new ServerIdentity(id, "http://127.0.0.1:11000/oozie", "test", "test", 0),
                    System::currentTimeMillis);
            HighWaterMark mark = () -> HighWaterMark.Mark.of(new ArrayList<>(recorded));
            numbers = new JobNumbers(
                    new StartTimes(
                            cluster.value(IdServers.LAST_START), mark, System::currentTimeMillis, new Random(1), 2_000),
                    new SequenceBlocks(cluster.value(IdServers.SEQUENCE), mark, 100, 9_999_990, 2_000),
                    background,
                    () -> cluster.lease().isValid(),
                    System::nanoTime,
                    2_000);
            cluster.listen(numbers);
            background.scheduleWithFixedDelay(numbers::refresh, 0, 200, TimeUnit.MILLISECONDS);
        }

        JobNumber issue() {
            JobNumber number = numbers.next();
            if (!issued.add(number.toString())) {
                throw new AssertionError(number + " was given out twice, now by " + id);
            }
            return number;
        }

        JobNumber record() {
            JobNumber number = issue();
            recorded.add(number + "-oozie-test-W");
            return number;
        }

        @Override
        public void close() {
            numbers.close();
            background.shutdownNow();
            cluster.close();
        }
    }
}
