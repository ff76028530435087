package org.oozieha.sla.follow;

import org.oozieha.sla.rule.Progress;
import org.oozieha.sla.rule.Terms;

/** What following an SLA needs to know of it. Immutable. */
public final class OpenSla {
    /** Nothing becomes due by the clock alone. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int START = 1;
    private static final int DURATION = 2;
    private static final int END = 4;
    private static final int ALL = START | DURATION | END;

    private final String id;
    private final int processed;
    private final Terms terms;
    private final Long start;

    /**
     * @param id of the job or action
     * @param processed Oozie's bits, see {@link Progress}
     * @param start when it started, milliseconds since the epoch, null if that is not known
     */
    public OpenSla(String id, int processed, Terms terms, Long start) {
        this.id = id;
        this.processed = processed;
        this.terms = terms;
        this.start = start;
    }

    public String id() {
        return id;
    }

    /** False once start, duration and end are recorded: then only the job's own end is awaited. */
    boolean isOpen() {
        return processed < ALL;
    }

    /**
     * When its next event is to be recorded without any news of the job, milliseconds since the epoch.
     *
     * @param latencyMs how long news of a job may take
     */
    long dueAt(long latencyMs) {
        long due = NEVER;
        if (lacks(START) && terms.start() != null) {
            due = terms.start();
        }
        if (lacks(DURATION) && terms.hasDuration() && start != null) {
            due = Math.min(due, start + terms.duration());
        }
        if (lacks(END) && terms.end() != null) {
            due = Math.min(due, terms.end());
        }
        return due == NEVER ? NEVER : due + latencyMs;
    }

    private boolean lacks(int bit) {
        return (processed & bit) == 0;
    }
}
