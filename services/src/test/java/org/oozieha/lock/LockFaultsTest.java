package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.testing.Eventually;

/**
 * Three servers on a real ZooKeeper whose links break and hang, and which itself restarts: no two tokens ever stand at the same
 * time, every wait ends in time, and nothing is left.
 */
public final class LockFaultsTest {
    private static final String[] IDS = {"one", "two", "three"};
    private static final int KEYS = 2;
    private static final long RUN_MS = 14_000;

    @Rule
    public final ZooKeeperLockServers servers = new ZooKeeperLockServers();

    private final long seed = Long.getLong("it.seed", 1);
    private final List<String> faults = new ArrayList<>();
    private final Queue<Reign> reigns = new ConcurrentLinkedQueue<>();
    private volatile String lastOnThrone = IDS[0];
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    public void no_two_tokens_stand_at_the_same_time_whatever_breaks() throws Exception {
        List<LockTable> tables = new ArrayList<>();
        List<Future<Integer>> threads = new ArrayList<>();
        for (int s = 0; s < IDS.length; s++) {
            LockTable table = servers.server(IDS[s], 200);
            tables.add(table);
            for (int t = 0; t < 2; t++) {
                Random random = new Random(seed * 100 + s * 10 + t);
                String name = IDS[s] + "-" + t;
                threads.add(servers.caller(table, name).starts(here -> reign(here, name, random)));
            }
        }
        breakThings(new Random(seed));
        over.set(true);
        threads.forEach(Caller::result);
        assertNoTwoAtATime();
        assertTrue("reigns " + reigns.size() + ", seed " + seed, reigns.size() >= 5);
        for (LockTable table : tables) {
            Eventually.until("nothing is left, seed " + seed, () -> table.size() == 0);
            assertEquals(0, table.held() + table.waiting() + table.lingering());
        }
        Eventually.until("no place is left, seed " + seed, () -> servers.places() == 0);
    }

    private void breakThings(Random random) throws Exception {
        long end = System.nanoTime() + RUN_MS * 1_000_000;
        while (System.nanoTime() < end) {
            String id = IDS[random.nextInt(IDS.length)];
            switch (random.nextInt(5)) {
                case 0:
                    note("reset " + id);
                    servers.link(id).reset();
                    break;
                case 1:
                    note("stop");
                    servers.zookeeper().stop();
                    pause(random.nextInt(1_500));
                    note("start");
                    servers.zookeeper().start();
                    break;
                default:
                    String victim = lastOnThrone;
                    note("cut " + victim);
                    servers.link(victim).cut();
                    pause(random.nextInt(4_500));
                    note("heal " + victim);
                    servers.link(victim).heal();
            }
            pause(random.nextInt(700));
        }
    }

    private void note(String fault) {
        faults.add(fault + " at " + System.nanoTime());
    }

    private int reign(LockTable table, String name, Random random) throws InterruptedException {
        int turns = 0;
        while (!over.get()) {
            String key = random.nextInt(KEYS) + "-oozie-W";
            long waitMs = 1 + random.nextInt(1_000);
            long asked = System.nanoTime();
            Optional<LockToken> token = table.acquire(key, WRITE, waitMs);
            long tookMs = (System.nanoTime() - asked) / 1_000_000;
            assertTrue("waited ms " + tookMs + " of " + waitMs, tookMs <= waitMs + Eventually.scaled(500));
            if (token.isPresent()) {
                lastOnThrone = name.substring(0, name.indexOf('-'));
                reigns.add(reign(key, name, token.get(), random.nextInt(4) == 0 ? 4_000 : random.nextInt(30)));
                token.get().release();
            }
            turns++;
        }
        return turns;
    }

    /** From the first to the last moment at which the token was seen to stand; it stood then, and may have stood longer. */
    private static Reign reign(String key, String name, LockToken token, int ms) {
        long first = 0;
        long last = 0;
        long end = System.nanoTime() + ms * 1_000_000L;
        long before = System.nanoTime();
        while (token.stands() && before < end) {
            last = before;
            if (first == 0) {
                first = System.nanoTime();
            }
            LockSupport.parkNanos(200_000);
            before = System.nanoTime();
        }
        return new Reign(key, name, first, Math.max(first, last));
    }

    private void assertNoTwoAtATime() {
        for (int k = 0; k < KEYS; k++) {
            String key = k + "-oozie-W";
            List<Reign> inOrder = new ArrayList<>(reigns);
            inOrder.removeIf(reign -> !reign.key.equals(key) || reign.first == 0);
            inOrder.sort(Comparator.comparingLong(reign -> reign.first));
            for (int i = 1; i < inOrder.size(); i++) {
                Reign earlier = inOrder.get(i - 1);
                Reign later = inOrder.get(i);
                assertTrue(
                        "seed " + seed + ": " + earlier + " and " + later + ", " + faults, earlier.last <= later.first);
            }
        }
    }

    private static void pause(long ms) {
        long end = System.nanoTime() + ms * 1_000_000;
        assertTrue(Eventually.within(ms + 5_000, () -> System.nanoTime() >= end));
    }

    private static final class Reign {
        private final String key;
        private final String name;
        private final long first;
        private final long last;

        private Reign(String key, String name, long first, long last) {
            this.key = key;
            this.name = name;
            this.first = first;
            this.last = last;
        }

        @Override
        public String toString() {
            return name + " on " + key + " from " + first + " to " + last;
        }
    }
}
