package org.oozieha.cluster.zookeeper;

import static org.junit.Assert.assertTrue;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions with a bound, scaled by {@code it.timing.scale}. */
final class Eventually {
    private static final long SCALE = Long.getLong("it.timing.scale", 1);

    private Eventually() {}

    static boolean holds(BooleanSupplier condition, long limitMs) {
        long deadline = System.nanoTime() + limitMs * 1_000_000 * SCALE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return true;
    }

    static void until(String what, BooleanSupplier condition) {
        assertTrue(what, holds(condition, 60_000));
    }

    /** Lets that much time pass, where time itself is the condition. */
    static void passes(long ms) {
        long end = System.nanoTime() + ms * 1_000_000;
        holds(() -> System.nanoTime() - end >= 0, ms + 1_000);
    }
}
