package org.oozieha.lock;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the shape of a lock's key says about it. Source: the keys that stock Oozie 5.2.1 locks. Stateless. */
final class LockKeys {
    private static final Pattern CLASS_NAME =
            Pattern.compile("(\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*\\.)+"
                    + "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*");
    private static final Pattern JOB_ID = Pattern.compile("(.+-[WCB])(@.*)?");
    private static final String SLA_PREFIX = "sla_";
    private static final String WORKFLOW_SUFFIX = "-W";

    private LockKeys() {}

    /** False for the keys that servers take in turns: services named by their class, and single SLA registrations. */
    static boolean mayLinger(String key) {
        return !key.startsWith(SLA_PREFIX) && !CLASS_NAME.matcher(key).matches();
    }

    /** The workflow under whose lock an action of it may be locked: {@code <wf>-W} for {@code <wf>-W@<action>}, else nothing. */
    static Optional<String> parentOf(String key) {
        int at = key.indexOf('@');
        return at > 0 && !key.startsWith(SLA_PREFIX) && key.substring(0, at).endsWith(WORKFLOW_SUFFIX)
                ? Optional.of(key.substring(0, at))
                : Optional.empty();
    }

    /** {@code JOB[id]} among all of Oozie's own fields, so that the job's log shows the line; nothing for other keys. */
    static String logPrefix(String key) {
        Matcher job = JOB_ID.matcher(key.startsWith(SLA_PREFIX) ? key.substring(SLA_PREFIX.length()) : key);
        return job.matches() ? "USER[-] GROUP[-] TOKEN[-] APP[-] JOB[" + job.group(1) + "] ACTION[-] " : "";
    }
}
