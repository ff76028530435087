package org.oozieha.sla.rule;

import java.util.Objects;

/** What has been recorded of an SLA: the variable part of a row of SLA_SUMMARY. Times in milliseconds since the epoch. Immutable. */
public final class Progress {
    static final int START = 1;
    static final int DURATION = 2;
    static final int END = 4;
    /** All events are recorded, the job has not ended. */
    static final int ALL_RECORDED = START + DURATION + END;
    /** The job has ended. */
    public static final int OVER = 8;

    static final String IN_PROCESS = "IN_PROCESS";
    static final String MET = "MET";
    static final String MISS = "MISS";

    private final int processed;
    private final String slaStatus;
    private final Outcome last;
    private final String jobStatus;
    private final Long start;
    private final Long end;
    private final long duration;

    /**
     * @param processed Oozie's bits: 1 start, 2 duration, 4 end recorded; 8 the job has ended
     * @param slaStatus NOT_STARTED, IN_PROCESS, MET or MISS
     * @param last the last event, null if none
     * @param start when the job started, null if it did not
     * @param end when it ended, null if it did not
     * @param duration milliseconds it took, -1 while unknown
     */
    public Progress(
            int processed, String slaStatus, Outcome last, String jobStatus, Long start, Long end, long duration) {
        this.processed = processed;
        this.slaStatus = slaStatus;
        this.last = last;
        this.jobStatus = jobStatus;
        this.start = start;
        this.end = end;
        this.duration = duration;
    }

    boolean lacks(int bit) {
        return processed != OVER && (processed & bit) == 0;
    }

    Progress with(int nowProcessed) {
        return new Progress(nowProcessed, slaStatus, last, jobStatus, start, end, duration);
    }

    Progress with(String nowSlaStatus) {
        return new Progress(processed, nowSlaStatus, last, jobStatus, start, end, duration);
    }

    Progress with(Outcome outcome) {
        return new Progress(processed, slaStatus, outcome, jobStatus, start, end, duration);
    }

    /** What the job's own row says; a start once seen stays. */
    Progress with(JobState job) {
        Long started = job.start() == null ? start : job.start();
        boolean measured = job.hasEnded() && started != null && job.end() != null;
        return new Progress(
                processed,
                slaStatus,
                last,
                job.status(),
                started,
                job.hasEnded() ? job.end() : end,
                measured ? job.end() - started : duration);
    }

    public int processed() {
        return processed;
    }

    public String slaStatus() {
        return slaStatus;
    }

    /** Null if there was none. */
    public Outcome last() {
        return last;
    }

    public String jobStatus() {
        return jobStatus;
    }

    /** Null while it has not started. */
    public Long start() {
        return start;
    }

    /** Null while it has not ended. */
    public Long end() {
        return end;
    }

    /** Milliseconds; -1 while unknown. */
    public long duration() {
        return duration;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof Progress)) {
            return false;
        }
        Progress other = (Progress) o;
        return processed == other.processed
                && duration == other.duration
                && last == other.last
                && Objects.equals(slaStatus, other.slaStatus)
                && Objects.equals(jobStatus, other.jobStatus)
                && Objects.equals(start, other.start)
                && Objects.equals(end, other.end);
    }

    @Override
    public int hashCode() {
        return Objects.hash(processed, slaStatus, last, jobStatus, start, end, duration);
    }
}
