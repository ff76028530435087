package org.oozieha.it.mini;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.Instrumentation;

/**
 * Servers with stock HA locks, on stock's own Curator, and servers with the pack exclude each other on one ZooKeeper, while stock's
 * reaper deletes empty lock nodes under both.
 */
public final class StockLocksTest extends HaServicesTestCase {
    private static final String JOB = "0000001-260101000000000-oozie-test-W";
    private static final long PATIENT_MS = 10_000;
    private static final int LINGER_MS = 6_000;
    private static final int IMPATIENT_MS = 200;
    private static final int CHURN_SECONDS = 5;

    private final List<ExecutorService> threads = new ArrayList<>();
    private MemoryLocksService pack;
    private MemoryLocksService stock;
    private Instrumentation metrics;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        Services services = boot(
                Collections.singletonList(LOCKS),
                "oozie.ha.lock.linger.ms",
                Integer.toString(LINGER_MS),
                "oozie.zookeeper.server.shutdown.ontimeout",
                "false",
                "oozie.service.ZKLocksService.locks.reaper.threshold",
                "1");
        pack = services.get(MemoryLocksService.class);
        metrics = new Instrumentation();
        pack.instrument(metrics);
        stock = new org.apache.oozie.service.ZKLocksService();
        stock.init(services);
    }

    @Override
    protected void tearDown() throws Exception {
        threads.forEach(ExecutorService::shutdownNow);
        if (stock != null) {
            stock.destroy();
        }
        super.tearDown();
    }

    public void test_a_writer_of_one_kind_excludes_the_other_kind() throws Exception {
        for (MemoryLocksService[] pair : new MemoryLocksService[][] {{pack, stock}, {stock, pack}}) {
            LockingThread holder = new LockingThread(pair[0]);
            LockingThread other = new LockingThread(pair[1]);
            assertTrue(holder.writes(PATIENT_MS));
            assertFalse(other.writes(0));
            assertFalse(other.writes(IMPATIENT_MS));
            assertFalse(other.reads(IMPATIENT_MS));
            Future<Boolean> waiting = other.asksToWrite(PATIENT_MS);
            assertFalse(waiting.isDone());
            holder.releases();
            assertTrue(waiting.get(2 * PATIENT_MS, TimeUnit.MILLISECONDS));
            assertFalse(holder.writes(IMPATIENT_MS));
            other.releases();
        }
    }

    public void test_readers_of_both_kinds_share_and_exclude_writers_of_both_kinds() throws Exception {
        LockingThread packReader = new LockingThread(pack);
        LockingThread stockReader = new LockingThread(stock);
        assertTrue(packReader.reads(PATIENT_MS));
        assertTrue(stockReader.reads(PATIENT_MS));
        assertFalse(new LockingThread(pack).writes(IMPATIENT_MS));
        assertFalse(new LockingThread(stock).writes(IMPATIENT_MS));
        packReader.releases();
        assertFalse(new LockingThread(pack).writes(IMPATIENT_MS));
        stockReader.releases();
        LockingThread writer = new LockingThread(stock);
        assertTrue(writer.writes(PATIENT_MS));
        assertFalse(packReader.reads(IMPATIENT_MS));
        writer.releases();
        assertTrue(packReader.writes(PATIENT_MS));
        packReader.releases();
    }

    public void test_a_lock_that_lingers_here_gives_way_to_a_stock_server() throws Exception {
        LockingThread here = new LockingThread(pack);
        assertTrue(here.writes(PATIENT_MS));
        here.releases();
        assertEquals(1L, lingering());
        LockingThread there = new LockingThread(stock);
        assertTrue("before its time is over", there.writes(LINGER_MS * 2 / 3));
        assertEquals(0L, lingering());
        there.releases();
        assertTrue(here.writes(PATIENT_MS));
        here.releases();
    }

    private long lingering() {
        Instrumentation.Element<?> variable = metrics.getVariables().get("ha").get("locks.lingering");
        return ((Number) variable.getValue()).longValue();
    }

    public void test_no_two_writers_ever_under_load_with_the_reaper_at_work() throws Exception {
        ConcurrentMap<String, AtomicInteger> inside = new ConcurrentHashMap<>();
        AtomicInteger[] granted = {new AtomicInteger(), new AtomicInteger()};
        int nodes = zookeeper().nodes();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHURN_SECONDS);
        List<Future<Void>> done = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int kind = i % 2;
            Random random = new Random(Integer.getInteger("it.seed", 1) * 100L + i);
            done.add(thread().submit(() -> {
                while (System.nanoTime() < end) {
                    turn(kind == 0 ? pack : stock, granted[kind], random, inside);
                }
                return null;
            }));
        }
        for (Future<Void> thread : done) {
            thread.get(CHURN_SECONDS + 30, TimeUnit.SECONDS);
        }
        assertTrue("pack " + granted[0], granted[0].get() > 100);
        assertTrue("stock " + granted[1], granted[1].get() > 100);
        eventually(
                "the reaper has worked: no node of a key is left",
                true,
                () -> zookeeper().nodes() <= nodes + 2);
    }

    /** Writers count 100, readers 1: a writer must find nobody, a reader no writer. Keys come and go, so that the reaper has work. */
    private static void turn(
            MemoryLocksService locks, AtomicInteger granted, Random random, ConcurrentMap<String, AtomicInteger> inside)
            throws InterruptedException {
        long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        String key = "churn-" + second / 2 + "-" + random.nextInt(3);
        boolean write = random.nextInt(3) > 0;
        LockToken token = write ? locks.getWriteLock(key, 1_000) : locks.getReadLock(key, 1_000);
        if (token == null) {
            return;
        }
        int weight = write ? 100 : 1;
        AtomicInteger count = inside.computeIfAbsent(key, k -> new AtomicInteger());
        int now = count.addAndGet(weight);
        boolean alone = write ? now == 100 : now < 100;
        Thread.yield();
        count.addAndGet(-weight);
        token.release();
        granted.incrementAndGet();
        assertTrue("not excluded: " + key + " " + now, alone);
    }

    private ExecutorService thread() {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        threads.add(thread);
        return thread;
    }

    /** One thread of one server, with at most one token. */
    private final class LockingThread {
        private final MemoryLocksService locks;
        private final ExecutorService thread = thread();
        private LockToken token;

        private LockingThread(MemoryLocksService locks) {
            this.locks = locks;
        }

        private boolean writes(long waitMs) throws Exception {
            return asksToWrite(waitMs).get(waitMs + PATIENT_MS, TimeUnit.MILLISECONDS);
        }

        private Future<Boolean> asksToWrite(long waitMs) {
            return thread.submit(() -> {
                token = locks.getWriteLock(JOB, waitMs);
                return token != null;
            });
        }

        private boolean reads(long waitMs) throws Exception {
            return thread.submit(() -> {
                        token = locks.getReadLock(JOB, waitMs);
                        return token != null;
                    })
                    .get(waitMs + PATIENT_MS, TimeUnit.MILLISECONDS);
        }

        private void releases() throws Exception {
            thread.submit(() -> token.release()).get(PATIENT_MS, TimeUnit.MILLISECONDS);
        }
    }
}
