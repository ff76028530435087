package org.oozieha.id;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.LongSupplier;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out start times for the whole cluster.
 *
 * <p>Guarantee: no start time is handed out twice, to whomever, whatever the clocks do: each is later than the last one, which is
 * a shared value (decimal milliseconds since the epoch), and at least {@link #AHEAD_MS} after this server's clock. A stock server
 * takes its own clock's time, and a wrap of the sequence lets both start anew in the same millisecond. A time whose
 * compare-and-set has an unknown outcome is given up. If the shared value is gone or damaged, the next time lies {@link #MARGIN_MS} after this server's clock and after everything that is
 * recorded, plus a random part as long, so that neither a clock stepped back that far nor a second wipe hits a time which another
 * server holds but has not used yet.
 *
 * <p>On failure: an exception, and the time it was about is never handed out. For one thread at a time.
 */
public final class StartTimes {
    /** Two hours. */
    static final int MARGIN_MS = 7_200_000;

    /** A minute. */
    static final int AHEAD_MS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.id");

    private final SharedValue last;
    private final HighWaterMark mark;
    private final LongSupplier wallClock;
    private final Random random;
    private final long timeoutMs;
    private long newest = -1;

    /**
     * @param last {@code /ha/idstart}
     * @param wallClock milliseconds since the epoch; may step in both directions
     * @param timeoutMs bound of each call of the shared value
     */
    public StartTimes(SharedValue last, HighWaterMark mark, LongSupplier wallClock, Random random, long timeoutMs) {
        this.last = last;
        this.mark = mark;
        this.wallClock = wallClock;
        this.random = random;
        this.timeoutMs = timeoutMs;
    }

    StartTime next() throws ClusterUnavailableException, HighWaterMark.UnknownException {
        for (int race = 0; race < SequenceBlocks.RACES; race++) {
            SharedValue.Version seen = last.read(timeoutMs);
            OptionalLong shared = parse(seen);
            long floor = shared.isPresent() ? shared.getAsLong() : floorWithoutSharedValue(seen);
            newest = Math.max(wallClock.getAsLong() + AHEAD_MS, Math.max(floor, newest) + 1);
            if (last.compareAndSet(seen, text(newest), timeoutMs)) {
                return StartTime.ofMillis(newest);
            }
        }
        throw new ClusterUnavailableException("lost " + SequenceBlocks.RACES + " races for a start time");
    }

    private long floorWithoutSharedValue(SharedValue.Version seen) throws HighWaterMark.UnknownException {
        HighWaterMark.Mark recorded = mark.read();
        if (seen.exists()) {
            LOG.warn("the last start time of job ids is unreadable and is set anew");
        }
        if (!recorded.exists() && newest < 0) {
            return -1;
        }
        long floor = Math.max(wallClock.getAsLong(), recorded.startMillis()) + MARGIN_MS + random.nextInt(MARGIN_MS);
        LOG.info("the last start time of job ids is gone, going on well after the recorded ones: floor={}", floor);
        return floor;
    }

    private static OptionalLong parse(SharedValue.Version seen) {
        String text = new String(seen.data(), StandardCharsets.US_ASCII);
        return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static byte[] text(long millis) {
        return Long.toString(millis).getBytes(StandardCharsets.US_ASCII);
    }
}
