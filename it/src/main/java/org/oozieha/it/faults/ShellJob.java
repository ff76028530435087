package org.oozieha.it.faults;

import org.oozieha.it.harness.OozieServer;

/** A workflow with one shell action: the server it was submitted to, and what is done to that server at which point. Immutable. */
final class ShellJob {
    private final String id;
    private final OozieServer server;
    private final ServerFault fault;
    private final SubmissionPoint point;

    ShellJob(String id, OozieServer server, ServerFault fault, SubmissionPoint point) {
        this.id = id;
        this.server = server;
        this.fault = fault;
        this.point = point;
    }

    String id() {
        return id;
    }

    String action() {
        return id + "@shell";
    }

    /** The server that submits it to YARN first. */
    OozieServer server() {
        return server;
    }

    ServerFault fault() {
        return fault;
    }

    SubmissionPoint point() {
        return point;
    }

    @Override
    public String toString() {
        return id + " (" + fault.key() + " " + point.key() + ", first on " + server.id() + ")";
    }
}
