package org.oozieha.sla.rule;

/** An SLA event, by the name Oozie gives it. */
public enum Outcome {
    START_MET,
    START_MISS,
    DURATION_MET,
    DURATION_MISS,
    END_MET,
    END_MISS
}
