package org.oozieha.takeover;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Errors of the database that come together are one spell; commands that met them were given up in the middle.
 *
 * <p>Guarantee: after the last of them, once {@link #QUIET_MS} passed without another, {@code ended} is called on the timer's thread; at
 * most once in {@link #GAP_MS}, so that an error that comes for ever costs little. {@link #seen} returns at once. Thread-safe.
 */
public final class ErrorSpell {
    static final long QUIET_MS = 5_000;
    static final long GAP_MS = 30_000;

    private final TaskTimer timer;
    private final LongSupplier nanoClock;
    private final Runnable ended;
    private boolean waiting;
    private long notBefore;

    public ErrorSpell(TaskTimer timer, LongSupplier nanoClock, Runnable ended) {
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.ended = ended;
        this.notBefore = nanoClock.getAsLong();
    }

    public synchronized void seen() {
        long quiet = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(QUIET_MS);
        if (quiet - notBefore > 0) {
            notBefore = quiet;
        }
        if (!waiting) {
            waiting = true;
            timer.after(QUIET_MS, this::look);
        }
    }

    private void look() {
        synchronized (this) {
            long left = notBefore - nanoClock.getAsLong();
            if (left > 0) {
                timer.after(TimeUnit.NANOSECONDS.toMillis(left) + 1, this::look);
                return;
            }
            waiting = false;
            notBefore = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(GAP_MS);
        }
        ended.run();
    }
}
