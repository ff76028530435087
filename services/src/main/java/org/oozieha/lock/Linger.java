package org.oozieha.lock;

/**
 * The time in which this server keeps its claim on a key that nobody here holds.
 *
 * <p>At most one timer is set per key; locking the key again does not cancel it, it is set anew for the rest when it fires. All state is
 * guarded by the key's monitor.
 */
final class Linger {
    private final LockContext context;
    private final Runnable onTimer;
    private boolean on;
    private long endNanos;
    private boolean timerSet;

    /** @param onTimer takes the key's monitor and asks {@link #timerFired} */
    Linger(LockContext context, Runnable onTimer) {
        this.context = context;
        this.onTimer = onTimer;
    }

    boolean isOn() {
        return on;
    }

    /** Returns false if no timer can be set any more. */
    boolean start() {
        endNanos = context.nanoClock.getAsLong() + context.lingerNanos;
        if (!timerSet) {
            timerSet = context.schedule(onTimer, context.lingerNanos);
        }
        if (timerSet) {
            on = true;
            context.counts.lingering.incrementAndGet();
        }
        return timerSet;
    }

    void end() {
        if (on) {
            on = false;
            context.counts.lingering.decrementAndGet();
        }
    }

    /** Returns true if the time is over. */
    boolean timerFired() {
        timerSet = false;
        if (!on) {
            return false;
        }
        long left = endNanos - context.nanoClock.getAsLong();
        timerSet = left > 0 && context.schedule(onTimer, left);
        return !timerSet;
    }
}
