package org.oozieha.sla.alert;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes alerts a day after they were delivered.
 *
 * <p>Guarantee: what is older than that is gone an hour later, or, where it is more than one call can delete, after as many calls as it
 * takes; each takes seconds. On failure of the database a RuntimeException, and the next call goes on. Calls must not overlap.
 */
public final class Retention {
    static final int PORTION = 500;
    static final long EVERY_MS = 3_600_000;
    static final long KEPT_MS = 24 * 3_600_000L;
    private static final long CALL_MS = 5_000;
    private static final int MOST_PORTIONS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sla");

    private final AlertRows rows;
    private final LongSupplier clock;
    private long dueAt = Long.MIN_VALUE;

    /** @param clock milliseconds since the epoch */
    public Retention(AlertRows rows, LongSupplier clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /** Does nothing within an hour of a call after which none was left. */
    public void prune() {
        long now = clock.getAsLong();
        if (now < dueAt && dueAt - now <= EVERY_MS) {
            return;
        }
        int deleted = 0;
        boolean more = true;
        for (int i = 0; more && i < MOST_PORTIONS && clock.getAsLong() - now < CALL_MS; i++) {
            int found = rows.deleteDelivered(now - KEPT_MS, PORTION);
            deleted += found;
            more = found == PORTION;
        }
        if (!more) {
            dueAt = now + EVERY_MS;
        }
        if (deleted > 0) {
            LOG.debug("Delivered alerts deleted: count={} more={}", deleted, more);
        }
    }
}
