package org.oozieha.sla.follow;

import java.util.HashMap;
import java.util.Map;

/** How long to leave those alone whose check failed: twice as long each time, up to a bound. Thread-safe. */
final class Retries {
    static final long FIRST_MS = 30_000;
    static final long LONGEST_MS = 3_600_000;
    private static final int MOST = 10_000;

    private static final class Retry {
        final long waitMs;
        final long until;

        Retry(long waitMs, long until) {
            this.waitMs = waitMs;
            this.until = until;
        }
    }

    private final Map<String, Retry> retries = new HashMap<>();

    /** Returns true if it is the first failure in a row. */
    synchronized boolean failed(String id, long now) {
        Retry before = retries.get(id);
        long wait = before == null ? FIRST_MS : Math.min(LONGEST_MS, before.waitMs * 2);
        if (before == null && retries.size() >= MOST) {
            retries.clear();
        }
        retries.put(id, new Retry(wait, now + wait));
        return before == null;
    }

    synchronized void succeeded(String id) {
        retries.remove(id);
    }

    /** Not before this moment, by the clock of {@link #failed}. */
    synchronized long notBefore(String id) {
        Retry retry = retries.get(id);
        return retry == null ? Long.MIN_VALUE : retry.until;
    }
}
