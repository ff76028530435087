package org.oozieha.cluster.zookeeper;

import java.util.concurrent.Future;
import org.oozieha.cluster.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when the lease becomes valid, once everything was read again, and when it is found lapsed. Loop only. */
final class LeaseWatch {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");

    private final EventLoop loop;
    private final Lease lease;
    private final Session.Parts parts;
    private Future<?> nextLook;
    private boolean partsReady;
    private boolean toldValid;

    LeaseWatch(EventLoop loop, Lease lease, Session.Parts parts) {
        this.loop = loop;
        this.lease = lease;
        this.parts = parts;
    }

    /** Whether what rests on the session has been read over the present connection. */
    void partsReady(boolean ready) {
        partsReady = ready;
        if (ready) {
            look();
        }
    }

    void look() {
        EventLoop.cancel(nextLook);
        boolean valid = lease.isValid();
        if (valid && !toldValid && !partsReady) {
            return;
        }
        if (valid != toldValid) {
            toldValid = valid;
            if (valid) {
                parts.leaseValid(lease.incarnation());
            } else {
                LOG.warn("Lease lapsed: incarnation={}", lease.incarnation());
                parts.leaseLapsed(lease.incarnation());
            }
        }
        if (valid) {
            nextLook = loop.schedule(this::look, lease.remainingMs() + 1);
        }
    }

    /** The incarnation has ended: the next one's lease is told anew. */
    void stop() {
        EventLoop.cancel(nextLook);
        partsReady = false;
        toldValid = false;
    }
}
