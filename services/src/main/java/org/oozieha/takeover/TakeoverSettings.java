package org.oozieha.takeover;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/** What a takeover works with. Immutable. */
public final class TakeoverSettings {
    final List<Scan> scans;
    final WorkQueue queue;
    final TaskTimer timer;
    final LongSupplier nanoClock;
    final LongSupplier wallClock;
    final int batchSize;

    /**
     * @param scans in the order of urgency
     * @param nanoClock monotonic, nanoseconds
     * @param wallClock milliseconds since the epoch
     * @param batchSize rows read, and at most as many commands queued, at once
     */
    public TakeoverSettings(
            List<Scan> scans,
            WorkQueue queue,
            TaskTimer timer,
            LongSupplier nanoClock,
            LongSupplier wallClock,
            int batchSize) {
        this.scans = Collections.unmodifiableList(new ArrayList<>(scans));
        this.queue = queue;
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
        this.batchSize = batchSize;
    }
}
