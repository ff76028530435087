package org.oozieha.cluster.zookeeper;

import java.util.Optional;
import org.oozieha.cluster.LeaseTerms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long another session is let have this server's id: as long as it may be this server's own from before a crash, which is its
 * session timeout and two ticks. Loop only.
 */
final class ForeignOwner {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");

    private boolean seen;
    private long deadlineNanos;

    /** Nobody else has the id. */
    void gone() {
        seen = false;
    }

    /** Why this server must not take part; empty while it may be worth waiting. */
    Optional<String> refusal(Registration.Foreign foreign, LeaseTerms terms) {
        if (!seen) {
            seen = true;
            long waitMs = foreign.sessionTimeoutMs(terms.sessionTimeoutMs()) + 2 * terms.tickMs();
            deadlineNanos = System.nanoTime() + waitMs * 1_000_000;
            LOG.warn("This server's id is still registered, waiting for its end: owner={} wait_ms={}", foreign, waitMs);
            return Optional.empty();
        }
        if (System.nanoTime() - deadlineNanos <= 0) {
            return Optional.empty();
        }
        seen = false;
        return Optional.of("another live server has the same oozie.instance.id: " + foreign
                + ". Give each server an id of its own (oozie.instance.id), or stop that one");
    }
}
