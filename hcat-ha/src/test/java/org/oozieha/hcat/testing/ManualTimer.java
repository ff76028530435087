package org.oozieha.hcat.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.oozieha.takeover.TaskTimer;

/** Time that passes when the test says so; tasks run on the test's thread. */
public final class ManualTimer implements TaskTimer {
    private final List<Due> tasks = new ArrayList<>();
    private long nowMs;

    @Override
    public synchronized void after(long delayMs, Runnable task) {
        tasks.add(new Due(nowMs + delayMs, task));
    }

    /** Runs what is due now, and what that makes due. */
    public void run() {
        advance(0);
    }

    /** Lets time pass and runs what becomes due, each at its time. */
    public void advance(long ms) {
        long end = nowMs + ms;
        for (Due next = next(end); next != null; next = next(end)) {
            nowMs = Math.max(nowMs, next.atMs);
            next.task.run();
        }
        nowMs = end;
    }

    private synchronized Due next(long end) {
        Due next = tasks.stream()
                .filter(due -> due.atMs <= end)
                .min(Comparator.comparingLong(due -> due.atMs))
                .orElse(null);
        tasks.remove(next);
        return next;
    }

    public long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(nowMs);
    }

    private static final class Due {
        private final long atMs;
        private final Runnable task;

        private Due(long atMs, Runnable task) {
            this.atMs = atMs;
            this.task = task;
        }
    }
}
