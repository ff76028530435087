package org.oozieha.sla.follow;

/** Looks at one SLA and records what is to be recorded. Thread-safe. */
public interface SlaCheck {
    /** What came of it. */
    enum Result {
        /** What is recorded is up to date. */
        DONE,
        /** Somebody else is at it, or this server may not now. */
        BUSY,
        /** There is no such job, but its SLA was written lately. */
        MISSING,
        /** There is no such SLA, or no such job and there will be none. */
        GONE
    }

    /** On failure a RuntimeException: tried again later, less and less often. */
    Result check(String id);
}
