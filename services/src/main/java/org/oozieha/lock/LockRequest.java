package org.oozieha.lock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.oozieha.cluster.LockQueue.Mode;

/** One thread that asks for one key, until a deadline. {@code hold} is guarded by the key's monitor. */
final class LockRequest {
    /** How long a try (wait 0) lets the cluster answer, and a lingering holder elsewhere give way. */
    static final long TRY_MS = 500;

    final Thread thread;
    final Mode mode;
    final Hold parent;
    /** Set when the lock was handed over. */
    Hold hold;

    private final LongSupplier nanoClock;
    private final long waitMs;
    private final long startNanos;
    private Condition turn;

    /**
     * @param waitMs longest wait in milliseconds, 0 for a try, less for no end
     * @param parent the hold that must stand, or null
     */
    LockRequest(Thread thread, Mode mode, long waitMs, LongSupplier nanoClock, Hold parent) {
        this.thread = thread;
        this.mode = mode;
        this.parent = parent;
        this.nanoClock = nanoClock;
        this.waitMs = waitMs;
        this.startNanos = nanoClock.getAsLong();
    }

    boolean isTry() {
        return waitMs == 0;
    }

    boolean isBound() {
        return parent != null;
    }

    boolean parentStands() {
        return parent == null || parent.stands();
    }

    long remainingNanos() {
        if (waitMs < 0) {
            return Long.MAX_VALUE;
        }
        long wait = TimeUnit.MILLISECONDS.toNanos(isTry() ? TRY_MS : waitMs);
        return wait - (nanoClock.getAsLong() - startNanos);
    }

    /** Waits under {@code monitor} for {@link #wake}, at most until the deadline. */
    void await(ReentrantLock monitor, long nanos) throws InterruptedException {
        if (turn == null) {
            turn = monitor.newCondition();
        }
        turn.awaitNanos(Math.min(nanos, remainingNanos()));
    }

    void wake() {
        if (turn != null) {
            turn.signal();
        }
    }
}
