package org.oozieha.lock;

import static org.junit.Assert.assertTrue;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, never longer than a bound that {@code it.timing.scale} stretches. */
final class Bounded {
    private static final double SCALE = Double.parseDouble(System.getProperty("it.timing.scale", "1"));

    private Bounded() {}

    static long ms(long ms) {
        return (long) (ms * SCALE);
    }

    static boolean within(long ms, BooleanSupplier condition) {
        long deadline = System.nanoTime() + ms(ms) * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    static void until(String what, BooleanSupplier condition) {
        assertTrue("not within 10 s: " + what, within(10_000, condition));
    }
}
