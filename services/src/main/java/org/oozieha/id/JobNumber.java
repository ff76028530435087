package org.oozieha.id;

/** The first two parts of a job id: a number and the start time it was counted under. Immutable. */
public final class JobNumber {
    private final long number;
    private final StartTime startTime;

    JobNumber(long number, StartTime startTime) {
        this.number = number;
        this.startTime = startTime;
    }

    public long number() {
        return number;
    }

    public StartTime startTime() {
        return startTime;
    }

    /** As it stands in a job id, e.g. {@code 0000042-261120113000123}. */
    @Override
    public String toString() {
        return String.format("%07d-%s", number, startTime);
    }
}
