package org.oozieha.lock;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue;

/** What all keys of one {@link LockTable} share. Thread-safe. */
final class LockContext {
    final LockQueue queue;
    final Lease lease;
    final LongSupplier nanoClock;
    final long lingerNanos;
    final Supplier<ReentrantLock> monitors;
    final LockCounts counts = new LockCounts();
    private final ScheduledExecutorService timer;
    private volatile boolean lingering = true;
    private volatile boolean closed;

    LockContext(
            LockQueue queue,
            Lease lease,
            ScheduledExecutorService timer,
            LongSupplier nanoClock,
            long lingerMs,
            Supplier<ReentrantLock> monitors) {
        this.queue = queue;
        this.lease = lease;
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.lingerNanos = TimeUnit.MILLISECONDS.toNanos(lingerMs);
        this.monitors = monitors;
    }

    boolean mayLinger(String key) {
        return lingering && lingerNanos > 0 && LockKeys.mayLinger(key);
    }

    void setLingering(boolean on) {
        lingering = on && !closed;
    }

    /** False if the timer has been stopped. */
    boolean schedule(Runnable task, long delayNanos) {
        try {
            timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        lingering = false;
    }
}
