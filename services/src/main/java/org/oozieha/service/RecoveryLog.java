package org.oozieha.service;

/** How a line about a job or an action starts, so that {@code oozie job -log} shows it: it asks for all of Oozie's own fields. */
final class RecoveryLog {
    private static final String NOBODY = "USER[-] GROUP[-] TOKEN[-] APP[-] ";

    private RecoveryLog() {}

    /** @param id of a job, or of an action of one */
    static String prefix(String id) {
        int at = id.indexOf('@');
        return at < 0
                ? NOBODY + "JOB[" + id + "] ACTION[-] "
                : NOBODY + "JOB[" + id.substring(0, at) + "] ACTION[" + id + "] ";
    }
}
