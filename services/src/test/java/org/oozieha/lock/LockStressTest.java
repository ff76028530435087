package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.oozieha.cluster.LockQueue.Mode.READ;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.oozieha.cluster.LockQueue.Mode;
import org.oozieha.testing.Eventually;

/** Real threads on three servers, against counters that only the lock protects. */
@RunWith(Parameterized.class)
public final class LockStressTest {
    private static final int KEYS = 3;
    private static final int THREADS = 4;
    private static final int TURNS = 300;

    @Rule
    public final LockServers servers;

    private final AtomicInteger[] writers = counters();
    private final AtomicInteger[] readers = counters();
    private final AtomicInteger granted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    public LockStressTest(LockServers servers) {
        this.servers = servers;
    }

    @Parameters
    public static Collection<LockServers> clusters() {
        return Arrays.asList(new MemoryLockServers(), new ZooKeeperLockServers());
    }

    @Test
    public void no_two_writers_no_lost_wake_up_nothing_left() {
        long seed = Long.getLong("it.seed", 1);
        List<LockTable> tables = new ArrayList<>();
        List<Future<Integer>> threads = new ArrayList<>();
        for (int s = 0; s < 3; s++) {
            LockTable table = servers.server("server-" + s, s * 5);
            tables.add(table);
            for (int t = 0; t < THREADS; t++) {
                long own = seed * 1_000 + s * 100 + t;
                threads.add(
                        servers.caller(table, "caller-" + s + "-" + t).starts(here -> turns(here, new Random(own))));
            }
        }
        threads.forEach(Caller::result);
        assertEquals("seed " + seed, 3 * THREADS * TURNS, granted.get() + refused.get());
        assertTrue("patient waits are all granted, seed " + seed, granted.get() >= 3 * THREADS * TURNS / 2);
        for (LockTable table : tables) {
            Eventually.until("nothing left, seed " + seed, () -> table.size() == 0);
            assertEquals(0, table.held() + table.waiting() + table.lingering());
        }
        Eventually.until("no place is left, seed " + seed, () -> servers.places() == 0);
    }

    private int turns(LockTable table, Random random) throws InterruptedException {
        for (int i = 0; i < TURNS; i++) {
            int k = random.nextInt(KEYS);
            Mode mode = random.nextInt(4) == 0 ? READ : WRITE;
            long wait = random.nextBoolean() ? Eventually.scaled(15_000) : random.nextInt(20);
            long asked = System.nanoTime();
            Optional<LockToken> token = table.acquire(k + "-oozie-W", mode, wait);
            long tookMs = (System.nanoTime() - asked) / 1_000_000;
            assertTrue("waited ms " + tookMs, tookMs < Eventually.scaled(4_000));
            if (token.isPresent()) {
                use(k, mode, random);
                assertTrue(token.get().stands());
                leave(k, mode);
                token.get().release();
                granted.incrementAndGet();
            } else {
                assertTrue("a patient wait was not granted", wait < 20);
                refused.incrementAndGet();
            }
        }
        return TURNS;
    }

    private void use(int k, Mode mode, Random random) {
        (mode == WRITE ? writers : readers)[k].incrementAndGet();
        long end = System.nanoTime() + random.nextInt(1_000_000);
        do {
            int writing = writers[k].get();
            assertTrue("writers " + writing, writing <= (mode == WRITE ? 1 : 0));
            assertTrue("a reader beside a writer", mode == READ || readers[k].get() == 0);
            Thread.yield();
        } while (System.nanoTime() < end);
    }

    private void leave(int k, Mode mode) {
        (mode == WRITE ? writers : readers)[k].decrementAndGet();
    }

    private static AtomicInteger[] counters() {
        AtomicInteger[] counters = new AtomicInteger[KEYS];
        for (int i = 0; i < KEYS; i++) {
            counters[i] = new AtomicInteger();
        }
        return counters;
    }
}
