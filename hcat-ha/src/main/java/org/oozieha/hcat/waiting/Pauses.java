package org.oozieha.hcat.waiting;

/** Pauses between attempts: each twice the one before, up to the longest, without end. Not thread-safe. */
public final class Pauses {
    private final long firstMs;
    private final long longestMs;
    private long nextMs;

    public Pauses(long firstMs, long longestMs) {
        this.firstMs = firstMs;
        this.longestMs = longestMs;
        this.nextMs = firstMs;
    }

    /** In milliseconds; the one after it is longer. */
    public long next() {
        long pause = nextMs;
        nextMs = Math.min(longestMs, nextMs * 2);
        return pause;
    }

    /** An attempt succeeded. */
    public void reset() {
        nextMs = firstMs;
    }
}
