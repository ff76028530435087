package org.oozieha.it.harness;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for a condition, never for a time: returns within a tenth of a second after the condition holds and fails, saying what was awaited,
 * once the bound is over. A condition that throws counts as not yet true; the last exception becomes the cause.
 *
 * <p>Bounds are multiplied by the system property {@code it.timing.scale}.
 */
public final class Waiting {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long MOST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private Waiting() {}

    /** The bound as the machine's speed asks for it. */
    public static Duration scaled(Duration bound) {
        double scale = Double.parseDouble(System.getProperty("it.timing.scale", "1"));
        return Duration.ofMillis((long) (bound.toMillis() * scale));
    }

    /** Waits until the condition is true. */
    public static void until(String what, Duration bound, Callable<Boolean> condition) {
        forValue(what, bound, () -> Boolean.TRUE.equals(condition.call()) ? Boolean.TRUE : null);
    }

    /** Lets time pass while a fault lasts; tests wait for conditions instead. */
    public static void letPass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        until("a fault's " + time + " pass", time.plusSeconds(30), () -> System.nanoTime() >= end);
    }

    /**
     * Waits as {@link #until}, where what does not happen is a figure and not a failure. Returns whether it happened; a condition that is
     * being looked at when the bound is over still has as long again.
     */
    public static boolean happens(String what, Duration bound, BooleanSupplier condition) {
        long end = System.nanoTime() + scaled(bound).toNanos();
        return forValue(what + ", or has had its time", bound.multipliedBy(2), () -> {
            if (holds(condition)) {
                return Boolean.TRUE;
            }
            return System.nanoTime() > end ? Boolean.FALSE : null;
        });
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    /** Waits until the source gives something else than {@code null}, and returns that. */
    public static <T> T forValue(String what, Duration bound, Callable<T> source) {
        Duration limit = scaled(bound);
        long end = System.nanoTime() + limit.toNanos();
        Exception last = null;
        long poll = POLL_NANOS;
        do {
            try {
                T value = source.call();
                if (value != null) {
                    return value;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                last = e;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting for: " + what);
            }
            LockSupport.parkNanos(poll);
            poll = Math.min(MOST_POLL_NANOS, poll + poll / 16);
        } while (System.nanoTime() < end);
        throw new IllegalStateException("not within " + limit.toMillis() + " ms: " + what, last);
    }
}
