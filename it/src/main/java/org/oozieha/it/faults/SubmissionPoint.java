package org.oozieha.it.faults;

import java.util.Locale;

/** How far a server has come with the YARN submission of an action when it is hit. */
enum SubmissionPoint {
    /** It has looked for an earlier application and found none; nothing of a new one is written anywhere. */
    BEFORE,
    /** The launcher's files are in HDFS, the application is not submitted. */
    PREPARED,
    /** The resource manager has accepted the application, the server does not know it yet. */
    DURING,
    /** The action is started as far as the server's memory goes, its database transaction has not begun. */
    AFTER,
    /** The action is RUNNING in the database, its application runs. */
    RUNNING;

    /** As the server-side classes and the figures' keys have it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the server is held there by the parking shell action; a running action holds nobody. */
    boolean parks() {
        return this != RUNNING;
    }
}
