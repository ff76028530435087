package org.oozieha.cluster;

/**
 * How long a lease lasts after its last acknowledged heartbeat was sent, derived from the session timeout T.
 *
 * <p>Guarantee: a lease of {@link #leaseMs()} after a heartbeat was sent ends before any server can expire the session: T less one
 * heartbeat interval, less one tick of the ensemble, less a margin of max(T/10, 500 ms) for clock rates and scheduling. Immutable.
 */
public final class LeaseTerms {
    private final long sessionTimeoutMs;
    private final long tickMs;

    private LeaseTerms(long sessionTimeoutMs, long tickMs) {
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.tickMs = tickMs;
    }

    /**
     * @param sessionTimeoutMs as negotiated, not as asked for
     * @param tickMs the ensemble's tickTime, which a client cannot ask for
     * @throws IllegalArgumentException if less than T/3 would remain; the message has the numbers and the two properties
     */
    public static LeaseTerms of(long sessionTimeoutMs, long tickMs) {
        LeaseTerms terms = new LeaseTerms(sessionTimeoutMs, tickMs);
        if (sessionTimeoutMs <= 0 || tickMs <= 0 || terms.leaseMs() < sessionTimeoutMs / 3) {
            throw new IllegalArgumentException("no safe lease: session timeout T = " + sessionTimeoutMs
                    + " ms (negotiated; oozie.ha.session.timeout.ms), tick = " + tickMs
                    + " ms (oozie.ha.zookeeper.tick.ms): T - T/6 - tick - max(T/10, 500 ms) = " + terms.leaseMs()
                    + " ms is below T/3 = " + sessionTimeoutMs / 3
                    + " ms. Raise the session timeout (and the ensemble's maxSessionTimeout), or lower tickTime and"
                    + " oozie.ha.zookeeper.tick.ms");
        }
        return terms;
    }

    public long sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    public long tickMs() {
        return tickMs;
    }

    public long heartbeatIntervalMs() {
        return sessionTimeoutMs / 6;
    }

    public long leaseMs() {
        return sessionTimeoutMs - heartbeatIntervalMs() - tickMs - Math.max(sessionTimeoutMs / 10, 500);
    }

    @Override
    public String toString() {
        return "session_timeout_ms=" + sessionTimeoutMs + " tick_ms=" + tickMs + " heartbeat_ms="
                + heartbeatIntervalMs() + " lease_ms=" + leaseMs();
    }
}
