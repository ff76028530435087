package org.oozieha.it.faults;

import java.util.Locale;

/** What is done to the submitting server. */
enum ServerFault {
    /** Nothing. */
    NONE,
    /** {@code kill -9}. */
    KILL,
    /** SIGSTOP for longer than its session, until the other has finished everything; then SIGCONT. */
    PAUSE;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
