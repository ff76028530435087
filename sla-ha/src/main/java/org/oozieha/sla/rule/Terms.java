package org.oozieha.sla.rule;

/** What was agreed for a job. Times in milliseconds since the epoch. Immutable. */
public final class Terms {
    /** No duration was agreed. */
    public static final long NO_DURATION = -1;

    private final Long start;
    private final Long end;
    private final long duration;

    /**
     * @param start latest start, null for none
     * @param end latest end, null for none
     * @param duration longest duration in milliseconds, or {@link #NO_DURATION}
     */
    public Terms(Long start, Long end, long duration) {
        this.start = start;
        this.end = end;
        this.duration = duration;
    }

    /** Null for none. */
    public Long start() {
        return start;
    }

    /** Null for none. */
    public Long end() {
        return end;
    }

    /** Milliseconds; {@link #NO_DURATION} for none. */
    public long duration() {
        return duration;
    }

    public boolean hasDuration() {
        return duration != NO_DURATION;
    }
}
