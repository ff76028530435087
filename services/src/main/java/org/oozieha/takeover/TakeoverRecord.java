package org.oozieha.takeover;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** One finished run of recovery on one server: why, how much, how long. Immutable. */
public final class TakeoverRecord {
    private final List<String> causes;
    private final long beganAtMs;
    private final long tookMs;
    private final int queued;
    private final int jobs;
    private final boolean complete;

    /**
     * @param beganAtMs wall clock, milliseconds since the epoch
     * @param queued commands
     * @param complete false if it was given up before everything had been looked at
     */
    public TakeoverRecord(
            Collection<String> causes, long beganAtMs, long tookMs, int queued, int jobs, boolean complete) {
        this.causes = Collections.unmodifiableList(new ArrayList<>(causes));
        this.beganAtMs = beganAtMs;
        this.tookMs = tookMs;
        this.queued = queued;
        this.jobs = jobs;
        this.complete = complete;
    }

    /** E.g. {@code departed oozie-2#1763640000000}. */
    public List<String> causes() {
        return causes;
    }

    public long beganAtMs() {
        return beganAtMs;
    }

    /** From the first cause to the last command queued, milliseconds. */
    public long tookMs() {
        return tookMs;
    }

    public int queued() {
        return queued;
    }

    public int jobs() {
        return jobs;
    }

    public boolean isComplete() {
        return complete;
    }

    @Override
    public String toString() {
        return "causes=" + causes + " jobs=" + jobs + " commands=" + queued + " took_ms=" + tookMs
                + (complete ? "" : " complete=false");
    }
}
