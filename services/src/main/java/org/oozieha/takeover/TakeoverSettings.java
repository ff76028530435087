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
    private final List<Scan> overlooked;

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
        this(scans, Collections.emptyList(), queue, timer, nanoClock, wallClock, batchSize);
    }

    private TakeoverSettings(
            List<Scan> scans,
            List<Scan> overlooked,
            WorkQueue queue,
            TaskTimer timer,
            LongSupplier nanoClock,
            LongSupplier wallClock,
            int batchSize) {
        this.overlooked = Collections.unmodifiableList(new ArrayList<>(overlooked));
        this.scans = Collections.unmodifiableList(new ArrayList<>(scans));
        this.queue = queue;
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
        this.batchSize = batchSize;
    }

    /**
     * Looks at {@code some} every minute besides: work that nothing but this pack would find, and that can be recorded after the
     * departure of the server that does it was seen, e.g. a start it acknowledged while it could not reach the others.
     */
    public TakeoverSettings alsoEachMinute(List<Scan> some) {
        return new TakeoverSettings(scans, some, queue, timer, nanoClock, wallClock, batchSize);
    }

    boolean hasOverlooked() {
        return !overlooked.isEmpty();
    }

    TakeoverSettings forOverlooked() {
        return new TakeoverSettings(overlooked, queue, timer, nanoClock, wallClock, batchSize);
    }
}
