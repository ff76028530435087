package org.oozieha.cluster.memory;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A monotonic clock that tests move, and a wall clock that follows it and can be set apart from it. Thread-safe. */
public final class SettableClock extends Clock {
    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
    private final AtomicLong wallOffsetMs = new AtomicLong(1_700_000_000_000L);

    public long nanos() {
        return nanos.get();
    }

    public void advanceMs(long ms) {
        nanos.addAndGet(ms * 1_000_000);
    }

    /** Steps the wall clock only. */
    public void stepWallMs(long ms) {
        wallOffsetMs.addAndGet(ms);
    }

    @Override
    public long millis() {
        return wallOffsetMs.get() + nanos.get() / 1_000_000;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
