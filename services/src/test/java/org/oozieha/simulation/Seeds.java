package org.oozieha.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Runs worlds of one variant, a seed each, on all processors, until the first seed that fails. */
final class Seeds {
    private final Variant variant;
    private final Map<String, Integer> counts = new TreeMap<>();
    private long failedAt = Long.MAX_VALUE;
    private AssertionError failure;
    private long done;
    private long longestFinishMs;
    private double tookSeconds;

    Seeds(Variant variant) {
        this.variant = variant;
    }

    /** After a failure the seeds before it are still run, so that the lowest one is found. */
    void run(long first, long seeds) {
        long began = System.nanoTime();
        AtomicLong next = new AtomicLong(first);
        List<Thread> runners = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread runner = new Thread(() -> run(next, first + seeds), "seeds-" + i);
            runner.start();
            runners.add(runner);
        }
        for (Thread runner : runners) {
            try {
                runner.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        tookSeconds = (System.nanoTime() - began) / 1e9;
    }

    private void run(AtomicLong next, long end) {
        for (long seed = next.getAndIncrement(); seed < end && seed < lowestFailure(); seed = next.getAndIncrement()) {
            World world = new World(seed, variant);
            try {
                world.run();
                passed(world);
            } catch (AssertionError | RuntimeException e) {
                failed(seed, world, e);
            }
        }
    }

    private synchronized long lowestFailure() {
        return failedAt;
    }

    private synchronized void passed(World world) {
        done++;
        longestFinishMs = Math.max(longestFinishMs, world.finishedInMs());
        world.counts().forEach((event, count) -> counts.merge(event, count, Integer::sum));
    }

    private synchronized void failed(long seed, World world, Throwable cause) {
        if (seed < failedAt) {
            failedAt = seed;
            failure = new AssertionError(
                    "seed " + seed + ": " + cause.getMessage() + "\nlately:\n  " + world.lately()
                            + "\nrepeat: mvn -pl services test -Dtest=ClusterSimulationTest -Dit.seed=" + seed
                            + " -Dsimulation.seeds=1",
                    cause);
        }
    }

    Optional<AssertionError> failure() {
        return Optional.ofNullable(failure);
    }

    /** Only after a failure. */
    long failedAt() {
        return failedAt;
    }

    Map<String, Integer> counts() {
        return counts;
    }

    @Override
    public String toString() {
        return "seeds=" + done + String.format(" seconds=%.1f seeds_per_second=%.1f", tookSeconds, done / tookSeconds)
                + " longest_finish_ms=" + longestFinishMs + " events=" + counts;
    }
}
