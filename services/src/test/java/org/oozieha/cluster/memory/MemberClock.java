package org.oozieha.cluster.memory;

import java.util.function.LongSupplier;

/** One server's monotonic clock: it runs faster or slower than the service's by a fixed rate. Thread-safe. */
final class MemberClock implements LongSupplier {
    private final LongSupplier base;
    private final double rate;
    private final long origin;

    MemberClock(LongSupplier base, double rate) {
        this.base = base;
        this.rate = rate;
        this.origin = base.getAsLong();
    }

    @Override
    public long getAsLong() {
        long passed = base.getAsLong() - origin;
        return rate == 1 ? origin + passed : origin + (long) (passed * rate);
    }

    /** What the service's clock showed when this one showed {@code nanos}. */
    long baseAt(long nanos) {
        return rate == 1 ? nanos : origin + (long) ((nanos - origin) / rate);
    }
}
