package org.oozieha.log;

/** A server whose part is not in the log, and why. Immutable. */
final class MissingPart {
    private final String server;
    private final String reason;

    MissingPart(String server, String reason) {
        this.server = server;
        this.reason = reason;
    }

    String server() {
        return server;
    }

    String reason() {
        return reason;
    }

    @Override
    public String toString() {
        return server + ": " + reason;
    }
}
