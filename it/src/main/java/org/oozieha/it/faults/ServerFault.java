package org.oozieha.it.faults;

import java.util.Locale;

/** What is done to the submitting server. */
enum ServerFault {
    /** {@code kill -9}; it is started again once everything has ended. */
    KILL,
    /** SIGSTOP for longer than its session, until the others have finished everything; then SIGCONT. */
    PAUSE;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
