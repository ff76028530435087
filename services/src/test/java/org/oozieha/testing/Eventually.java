package org.oozieha.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, never longer than a bound that the system property {@code it.timing.scale} stretches. */
public final class Eventually {
    private static final double SCALE = Double.parseDouble(System.getProperty("it.timing.scale", "1"));
    private static final long BOUND_MS = 60_000;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Eventually() {}

    /** The bound as the machine's speed asks for it, milliseconds. */
    public static long scaled(long ms) {
        return (long) (ms * SCALE);
    }

    /** Returns whether it came to hold within that many milliseconds, scaled. */
    public static boolean within(long ms, BooleanSupplier condition) {
        long start = System.nanoTime();
        long bound = TimeUnit.MILLISECONDS.toNanos(scaled(ms));
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > bound) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** Fails, saying what was awaited, if it does not come to hold within a minute, scaled. */
    public static void until(String what, BooleanSupplier condition) {
        if (!within(BOUND_MS, condition)) {
            throw new AssertionError("not within " + scaled(BOUND_MS) + " ms: " + what);
        }
    }

    /** Lets that much time pass, where time itself is the condition. */
    public static void passes(long ms) {
        long start = System.nanoTime();
        until(ms + " ms pass", () -> System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(ms));
    }
}
