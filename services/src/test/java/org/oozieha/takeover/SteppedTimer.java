package org.oozieha.takeover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** Runs tasks on the calling thread as the ensemble's clock is moved. */
final class SteppedTimer implements TaskTimer {
    private final MemoryEnsemble ensemble;
    private final List<Due> tasks = new ArrayList<>();

    SteppedTimer(MemoryEnsemble ensemble) {
        this.ensemble = ensemble;
    }

    @Override
    public void after(long delayMs, Runnable task) {
        tasks.add(new Due(ensemble.clock().nanos() + delayMs * 1_000_000, task));
    }

    /** Runs what is due now, and what that makes due. */
    void run() {
        for (Due next = next(); next != null; next = next()) {
            tasks.remove(next);
            next.task.run();
        }
    }

    void advance(long ms) {
        for (long passed = 0; passed < ms; passed += 50) {
            ensemble.advance(50);
            run();
        }
    }

    private Due next() {
        return tasks.stream()
                .filter(due -> due.atNanos <= ensemble.clock().nanos())
                .min(Comparator.comparingLong(due -> due.atNanos))
                .orElse(null);
    }

    private static final class Due {
        private final long atNanos;
        private final Runnable task;

        private Due(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }
    }
}
