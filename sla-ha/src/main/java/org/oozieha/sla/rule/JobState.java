package org.oozieha.sla.rule;

/** What Oozie's job tables say of a job or an action at one moment. Times in milliseconds since the epoch. Immutable. */
public final class JobState {
    private final String status;
    private final Long start;
    private final Long end;
    private final boolean ended;
    private final boolean failed;
    private final boolean endMeasured;

    private JobState(String status, Long start, Long end, boolean ended, boolean failed, boolean endMeasured) {
        this.status = status;
        this.start = start;
        this.end = end;
        this.ended = ended;
        this.failed = failed;
        this.endMeasured = endMeasured;
    }

    /** @param start null if it has not started */
    public static JobState open(String status, Long start) {
        return new JobState(status, start, null, false, false, false);
    }

    /**
     * @param start null if it never started
     * @param end when it ended
     * @param failed it ended in a way that misses whatever end was agreed
     */
    public static JobState ended(String status, Long start, Long end, boolean failed) {
        return new JobState(status, start, end, true, failed, true);
    }

    /** It ended without having run: {@code noticed} is when that was written, and not measured against the agreed end. */
    public static JobState endedUnrun(String status, Long start, Long noticed, boolean failed) {
        return new JobState(status, start, noticed, true, failed, false);
    }

    public String status() {
        return status;
    }

    Long start() {
        return start;
    }

    Long end() {
        return end;
    }

    public boolean hasEnded() {
        return ended;
    }

    boolean misses(Long agreedEnd) {
        return failed || endMeasured && agreedEnd != null && end != null && end > agreedEnd;
    }
}
