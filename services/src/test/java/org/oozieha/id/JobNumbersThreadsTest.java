package org.oozieha.id;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;

public final class JobNumbersThreadsTest {
    private static final long SCALE = Long.getLong("it.timing.scale", 1);

    private final MemoryEnsemble ensemble = MemoryEnsemble.live();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
        ensemble.close();
    }

    @Test
    public void eight_threads_on_each_of_two_servers_get_different_numbers() throws Exception {
        List<Future<List<String>>> results = new ArrayList<>();
        int each = 20_000;
        long begun = System.nanoTime();
        for (String id : new String[] {"a", "b"}) {
            MemoryCluster cluster = ensemble.join(id);
            JobNumbers numbers = numbers(cluster, cluster.value(IdServers.SEQUENCE), 2_000 * SCALE, 500);
            for (int thread = 0; thread < 8; thread++) {
                results.add(threads.submit(() -> {
                    List<String> mine = new ArrayList<>();
                    for (int i = 0; i < each; i++) {
                        mine.add(numbers.next().toString());
                    }
                    return mine;
                }));
            }
        }
        Set<String> all = new HashSet<>();
        for (Future<List<String>> result : results) {
            all.addAll(result.get(60 * SCALE, TimeUnit.SECONDS));
        }
        assertEquals(16 * each, all.size());
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        System.out.println("job numbers: " + all.size() + " in " + ms + " ms, 2 servers, 16 threads, in memory");
    }

    @Test
    public void while_the_service_hangs_the_first_request_waits_its_bound_and_the_next_ones_not_at_all()
            throws Exception {
        MemoryCluster cluster = ensemble.join("a");
        Stuck sequence = new Stuck(cluster.value(IdServers.SEQUENCE));
        JobNumbers numbers = numbers(cluster, sequence, 300, 10);
        StartTime normal = first(numbers).startTime();
        sequence.hang();
        JobNumber last = numbers.next();
        long begun = System.nanoTime();
        while (last.startTime().millis() == normal.millis()) {
            last = numbers.next();
        }
        for (int i = 0; i < 5_000; i++) {
            numbers.next();
        }
        assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) < 3_000 * SCALE);
        sequence.release();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30 * SCALE);
        while (last.startTime().millis() != normal.millis() && System.nanoTime() - deadline < 0) {
            numbers.refresh();
            last = numbers.next();
            Thread.yield();
        }
        assertEquals(normal.millis(), last.startTime().millis());
    }

    @Test
    public void a_service_that_never_answered_means_a_refusal_within_the_bound() throws Exception {
        MemoryCluster cluster = ensemble.join("a");
        Stuck never = new Stuck(cluster.value(IdServers.LAST_START));
        never.hang();
        JobNumbers numbers = numbers(cluster.value(IdServers.SEQUENCE), never, 100, 100);
        long begun = System.nanoTime();
        IllegalStateException refused = assertThrows(IllegalStateException.class, numbers::next);
        assertNotNull(refused.getMessage());
        assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) < 2_000 * SCALE);
        never.release();
    }

    @Test
    public void close_ends_a_wait() throws Exception {
        MemoryCluster cluster = ensemble.join("a");
        Stuck sequence = new Stuck(cluster.value(IdServers.SEQUENCE));
        sequence.hang();
        JobNumbers numbers = numbers(cluster, sequence, 60_000, 10);
        Future<JobNumber> waiting = threads.submit(numbers::next);
        numbers.close();
        assertThrows(java.util.concurrent.ExecutionException.class, () -> waiting.get(10 * SCALE, TimeUnit.SECONDS));
        sequence.release();
    }

    private JobNumbers numbers(MemoryCluster cluster, SharedValue sequence, long waitMs, int blockSize) {
        return numbers(sequence, cluster.value(IdServers.LAST_START), waitMs, blockSize);
    }

    private JobNumbers numbers(SharedValue sequence, SharedValue lastStart, long waitMs, int blockSize) {
        HighWaterMark nothing = () -> HighWaterMark.Mark.of(new ArrayList<>());
        return new JobNumbers(
                new StartTimes(lastStart, nothing, System::currentTimeMillis, new Random(1), waitMs),
                new SequenceBlocks(sequence, nothing, blockSize, 9_999_990, waitMs),
                threads,
                () -> true,
                System::nanoTime,
                waitMs);
    }

    /** On a busy machine the first block may take longer than the bound under test. */
    private static JobNumber first(JobNumbers numbers) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30 * SCALE);
        while (true) {
            try {
                return numbers.next();
            } catch (IllegalStateException notYet) {
                numbers.refresh();
                if (System.nanoTime() - deadline > 0) {
                    throw notYet;
                }
            }
        }
    }

    /** A value whose calls, while it hangs, end with its release only: worse than the seam allows. */
    private static final class Stuck implements SharedValue {
        private final SharedValue value;
        private volatile CountDownLatch gate = new CountDownLatch(0);

        Stuck(SharedValue value) {
            this.value = value;
        }

        void hang() {
            gate = new CountDownLatch(1);
        }

        void release() {
            gate.countDown();
        }

        @Override
        public Version read(long timeoutMs) throws ClusterUnavailableException {
            pass();
            return value.read(timeoutMs);
        }

        @Override
        public boolean compareAndSet(Version expected, byte[] next, long timeoutMs) throws ClusterUnavailableException {
            pass();
            return value.compareAndSet(expected, next, timeoutMs);
        }

        @Override
        public boolean remove(Version expected, long timeoutMs) throws ClusterUnavailableException {
            pass();
            return value.remove(expected, timeoutMs);
        }

        private void pass() throws ClusterUnavailableException {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new ClusterUnavailableException("interrupted", e);
            }
        }
    }
}
