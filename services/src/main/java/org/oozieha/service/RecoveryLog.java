package org.oozieha.service;

/** How a line about a job or an action starts, so that {@code oozie job -log} shows it. */
final class RecoveryLog {
    private RecoveryLog() {}

    /** {@code JOB[id] ACTION[id] }, or the job alone. */
    static String prefix(String id) {
        int at = id.indexOf('@');
        return at < 0 ? "JOB[" + id + "] " : "JOB[" + id.substring(0, at) + "] ACTION[" + id + "] ";
    }
}
