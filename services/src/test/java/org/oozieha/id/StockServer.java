package org.oozieha.id;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.LongSupplier;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;

/**
 * What a stock server does with the shared sequence: one compare-and-set per id, and from the maximum on a reset in two steps,
 * a look at the value and a set to 0 that does not care what happened in between.
 */
final class StockServer {
    private final SharedValue sequence;
    private final long maximum;
    private final ZoneId zone;
    private final LongSupplier wallClock;
    private String startTime;

    StockServer(SharedValue sequence, long maximum, ZoneId zone, LongSupplier wallClock) {
        this.sequence = sequence;
        this.maximum = maximum;
        this.zone = zone;
        this.wallClock = wallClock;
        resetStartTime();
    }

    String issue() throws ClusterUnavailableException {
        long number = increment();
        if (number >= maximum) {
            if (mustReset()) {
                reset();
            }
            number = increment();
        }
        return String.format("%07d-%s", number, startTime);
    }

    boolean mustReset() throws ClusterUnavailableException {
        return value(sequence.read(1000)) >= maximum;
    }

    void reset() throws ClusterUnavailableException {
        SharedValue.Version seen;
        do {
            seen = sequence.read(1000);
        } while (!sequence.compareAndSet(seen, bytes(0), 1000));
        resetStartTime();
    }

    long increment() throws ClusterUnavailableException {
        while (true) {
            SharedValue.Version seen = sequence.read(1000);
            long before = seen.exists() ? value(seen) : 0;
            if (sequence.compareAndSet(seen, bytes(before + 1), 1000)) {
                return before;
            }
        }
    }

    private void resetStartTime() {
        startTime = DateTimeFormatter.ofPattern("yyMMddHHmmssSSS")
                .withZone(zone)
                .format(Instant.ofEpochMilli(wallClock.getAsLong()));
    }

    static long value(SharedValue.Version seen) {
        return ByteBuffer.wrap(seen.data()).getLong();
    }

    static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
