package org.oozieha.it.harness;

import java.util.Arrays;
import java.util.List;

/** One committed write of a job's or action's row: when, by which server, from which status to which. Immutable. */
public final class StatusWrite {
    private static final List<String> FINAL_STATES =
            Arrays.asList("SUCCEEDED", "KILLED", "FAILED", "OK", "ERROR", "DONEWITHERROR", "TIMEDOUT");

    private final long atMillis;
    private final String table;
    private final String id;
    private final String oldStatus;
    private final String newStatus;
    private final String server;

    StatusWrite(long atMillis, String table, String id, String oldStatus, String newStatus, String server) {
        this.atMillis = atMillis;
        this.table = table;
        this.id = id;
        this.oldStatus = oldStatus;
        this.newStatus = newStatus;
        this.server = server;
    }

    /** Wall clock of the database, milliseconds since the epoch. */
    public long atMillis() {
        return atMillis;
    }

    public String table() {
        return table;
    }

    public String id() {
        return id;
    }

    /** {@code null} for an insert. */
    public String oldStatus() {
        return oldStatus;
    }

    public String newStatus() {
        return newStatus;
    }

    /** The instance id of the server that wrote. */
    public String server() {
        return server;
    }

    public boolean changesStatus() {
        return !newStatus.equals(oldStatus);
    }

    /** A job or action that had ended was given another status: what only a server without the lock does. */
    public boolean isStale() {
        return FINAL_STATES.contains(oldStatus) && changesStatus();
    }

    @Override
    public String toString() {
        return atMillis + " " + server + " " + table + " " + id + ": " + oldStatus + " -> " + newStatus;
    }
}
