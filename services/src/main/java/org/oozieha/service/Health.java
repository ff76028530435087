package org.oozieha.service;

import org.oozieha.cluster.Lease;
import org.oozieha.cluster.ServerState;

/** Whether a load balancer should send requests to this server, and why not. */
enum Health {
    /** Takes everything. */
    ACTIVE(200),
    /** ZooKeeper is out of reach: submissions and reads still work, other work pauses. */
    NO_LEASE(200),
    JOINING(503),
    DRAINING(503),
    /** An operator set Oozie's system mode to SAFEMODE or NOWEBSERVICE. */
    SAFEMODE(503),
    NO_DATABASE(503),
    /** The others marked this incarnation in the database: it can commit nothing until ZooKeeper is back. */
    FENCED(503);

    private final int httpStatus;

    Health(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    int httpStatus() {
        return httpStatus;
    }

    boolean takesRequests() {
        return httpStatus == 200;
    }

    /** The one that matters most if several apply. */
    static Health of(ServerState announced, boolean safeMode, boolean databaseReachable, Lease lease, boolean marked) {
        if (announced == ServerState.DRAINING) {
            return DRAINING;
        }
        if (safeMode || announced == ServerState.SAFEMODE) {
            return SAFEMODE;
        }
        if (announced == ServerState.JOINING) {
            return JOINING;
        }
        if (!databaseReachable) {
            return NO_DATABASE;
        }
        if (marked) {
            return FENCED;
        }
        return lease.isValid() ? ACTIVE : NO_LEASE;
    }
}
