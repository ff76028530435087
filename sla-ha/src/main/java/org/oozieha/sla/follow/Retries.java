package org.oozieha.sla.follow;

import java.util.HashMap;
import java.util.Map;

/**
 * How long to leave those alone whose check failed: twice as long each time, up to a bound; the bound at once if nothing is to be hoped
 * for. It holds no more than the last sweep saw and what failed since. Thread-safe.
 */
final class Retries {
    static final long FIRST_MS = 30_000;
    static final long LONGEST_MS = 3_600_000;

    private static final class Retry {
        final long waitMs;
        final long until;
        final boolean gone;
        int sweep;

        Retry(long waitMs, long until, boolean gone, int sweep) {
            this.waitMs = waitMs;
            this.until = until;
            this.gone = gone;
            this.sweep = sweep;
        }
    }

    private final Map<String, Retry> retries = new HashMap<>();
    private int sweep;

    /** Returns true if it is the first failure in a row. */
    synchronized boolean failed(String id, long now) {
        Retry before = retries.get(id);
        return put(id, before == null ? FIRST_MS : Math.min(LONGEST_MS, before.waitMs * 2), false, now);
    }

    /** Returns true if it is the first failure in a row. */
    synchronized boolean gone(String id, long now) {
        return put(id, LONGEST_MS, true, now);
    }

    private boolean put(String id, long waitMs, boolean gone, long now) {
        return retries.put(id, new Retry(waitMs, now + waitMs, gone, sweep)) == null;
    }

    synchronized void succeeded(String id) {
        retries.remove(id);
    }

    /** Not before this moment, by the clock of {@link #failed}. */
    synchronized long notBefore(String id) {
        Retry retry = retries.get(id);
        return retry == null ? Long.MIN_VALUE : retry.until;
    }

    /** What kept checks from succeeding may be over: all are tried at once, but for those that are gone. */
    synchronized void forgive() {
        retries.values().removeIf(retry -> !retry.gone);
    }

    synchronized void sweepBegins() {
        sweep++;
    }

    /** It is in the database still. */
    synchronized void seen(String id) {
        Retry retry = retries.get(id);
        if (retry != null) {
            retry.sweep = sweep;
        }
    }

    /** Forgets what this sweep did not see. */
    synchronized void sweepEnds() {
        retries.values().removeIf(retry -> retry.sweep != sweep);
    }

    synchronized int size() {
        return retries.size();
    }
}
