package org.oozieha.cluster.zookeeper;

import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LeaseTerms;

/** {@link Lease} from acknowledged heartbeats, on the JVM's monotonic clock. Written on the loop, read anywhere. */
final class ZkLease implements Lease {
    private volatile State state = new State(Incarnation.of("", 0), System.nanoTime(), true);

    /** A new incarnation; {@code sentNanos} is the time before its registration was sent. */
    void begin(Incarnation incarnation, long sentNanos, LeaseTerms terms) {
        state = new State(incarnation, endOf(sentNanos, terms), false);
    }

    /** A heartbeat sent at that time was acknowledged. */
    void renew(long sentNanos, LeaseTerms terms) {
        State now = state;
        long end = endOf(sentNanos, terms);
        if (!now.ended && end - now.endNanos > 0) {
            state = new State(now.incarnation, end, false);
        }
    }

    /** The session timeout may have shrunk: from now on the lease is no longer than the new terms allow. */
    void cap(LeaseTerms terms) {
        State now = state;
        long latest = endOf(System.nanoTime(), terms);
        if (now.endNanos - latest > 0) {
            state = new State(now.incarnation, latest, now.ended);
        }
    }

    void end() {
        State now = state;
        state = new State(now.incarnation, now.endNanos, true);
    }

    private static long endOf(long sentNanos, LeaseTerms terms) {
        return sentNanos + terms.leaseMs() * 1_000_000;
    }

    @Override
    public Incarnation incarnation() {
        return state.incarnation;
    }

    @Override
    public boolean isValid(Incarnation incarnation) {
        State now = state;
        return now.stands(incarnation) && now.endNanos - System.nanoTime() > 0;
    }

    @Override
    public boolean stands(Incarnation incarnation) {
        return state.stands(incarnation);
    }

    @Override
    public long remainingMs() {
        State now = state;
        return now.ended ? 0 : Math.floorDiv(now.endNanos - System.nanoTime(), 1_000_000L);
    }

    private static final class State {
        private final Incarnation incarnation;
        private final long endNanos;
        private final boolean ended;

        private State(Incarnation incarnation, long endNanos, boolean ended) {
            this.incarnation = incarnation;
            this.endNanos = endNanos;
            this.ended = ended;
        }

        private boolean stands(Incarnation asked) {
            return !ended && incarnation.equals(asked);
        }
    }
}
