package org.oozieha.id;

/** Numbers that are counted up under one start time of this server. Not thread-safe. */
final class Run {
    private final StartTime startTime;
    private final long end;
    private long next;

    /** @param end exclusive */
    Run(StartTime startTime, long begin, long end) {
        this.startTime = startTime;
        this.next = begin;
        this.end = end;
    }

    long left() {
        return end - next;
    }

    /** The caller has seen that some are left. */
    JobNumber take() {
        return new JobNumber(next++, startTime);
    }
}
