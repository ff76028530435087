package org.oozieha.id;

import java.nio.ByteBuffer;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes blocks of numbers from the sequence that all servers share, stock ones included.
 *
 * <p>Guarantee: between two wraps or wipes no number is given to two servers, and a block never reaches over the maximum. The
 * shared value is stock Oozie's: the next number as an 8-byte big-endian long; from the maximum on it starts again at 0. A
 * sequence that is gone, damaged or was made anew goes on above the recorded job ids.
 *
 * <p>On failure: an exception, and the block it was about is never used. For one thread at a time.
 */
public final class SequenceBlocks {
    /** Lost compare-and-sets in a row after which the coordination service counts as unavailable. */
    static final int RACES = 100;

    private static final long HIGHEST_MAXIMUM = 9_999_990;
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.id");

    private final SharedValue sequence;
    private final HighWaterMark mark;
    private final int size;
    private final long maximum;
    private final long timeoutMs;
    private int seenVersion;
    private long previousEnd;

    /**
     * @param sequence stock's {@code /job_id_sequence}
     * @param size numbers taken at once, at least 1
     * @param maximum numbers are below it, at least 1, at most 9999990 so that they have seven digits
     * @param timeoutMs bound of each call of the shared value
     */
    public SequenceBlocks(SharedValue sequence, HighWaterMark mark, int size, long maximum, long timeoutMs) {
        if (size < 1 || maximum < 1 || maximum > HIGHEST_MAXIMUM) {
            throw new IllegalArgumentException("size=" + size + " maximum=" + maximum + ": see the limits of each");
        }
        this.sequence = sequence;
        this.mark = mark;
        this.size = size;
        this.maximum = maximum;
        this.timeoutMs = timeoutMs;
    }

    int size() {
        return size;
    }

    long maximum() {
        return maximum;
    }

    Block next() throws ClusterUnavailableException, HighWaterMark.UnknownException {
        for (int race = 0; race < RACES; race++) {
            SharedValue.Version seen = sequence.read(timeoutMs);
            long begin = begin(seen);
            long end = Math.min(begin + size, maximum);
            if (sequence.compareAndSet(seen, bytes(end), timeoutMs)) {
                seenVersion = seen.number();
                Block block = new Block(begin, end, begin < previousEnd);
                previousEnd = end;
                return block;
            }
        }
        throw new ClusterUnavailableException("lost " + RACES + " races for a block of job numbers");
    }

    private long begin(SharedValue.Version seen) throws HighWaterMark.UnknownException {
        byte[] data = seen.data();
        long value = data.length == Long.BYTES ? ByteBuffer.wrap(data).getLong() : -1;
        boolean kept = value >= 0 && seen.number() >= seenVersion;
        if (!kept) {
            long recorded = mark.read().number();
            value = Math.max(value, Math.max(recorded + 1, previousEnd));
            LOG.info(
                    "the sequence of job numbers was {}, going on above the recorded ones: next={}",
                    seen.exists() ? "made anew" : "absent",
                    value);
        }
        return value < maximum ? value : 0;
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** The numbers from begin (inclusive) to end (exclusive). */
    static final class Block {
        final long begin;
        final long end;
        /** True if the block starts below the end of the one before: the sequence wrapped or was set back. */
        final boolean wentBack;

        private Block(long begin, long end, boolean wentBack) {
            this.begin = begin;
            this.end = end;
            this.wentBack = wentBack;
        }
    }
}
