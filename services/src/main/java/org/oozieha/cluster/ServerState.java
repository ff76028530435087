package org.oozieha.cluster;

/** What a registered server does at the moment. */
public enum ServerState {
    /** Registered, so that its death is seen, but not ready: it owns no share unless nobody is {@link #ACTIVE}. */
    JOINING,
    /** Ready: owns a share of the jobs and may lead. */
    ACTIVE,
    /** Put into safe mode by an operator: owns nothing, leads nothing. */
    SAFEMODE,
    /** On its way out: owns nothing; keeps its session and locks until its running work is done. */
    DRAINING
}
