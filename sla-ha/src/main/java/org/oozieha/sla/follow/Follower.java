package org.oozieha.sla.follow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the SLAs of this server's share: the database is the truth, what is kept here a cache of what is due soonest.
 *
 * <p>Guarantee: each call of {@link #run} checks every SLA of the share that is due, those too that other servers registered or changed
 * up to {@value #OVERLAP_MS} ms before they committed it. A sweep reads all open ones, however old, and finds those whose job went on
 * without any news of it; it happens when asked for, at intervals, and when a full cache has run out.
 *
 * <p>On failure of one check the others go on, and it is tried again later; on failure of the database the next run does what this one
 * could not. While this server owns nothing it checks nothing. Runs must not overlap; the other methods are thread-safe.
 */
public final class Follower {
    /** Rows may be committed this long after the time they bear, by a clock that differs from this server's. */
    static final long OVERLAP_MS = 150_000;

    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sla");
    private static final int PAGE = 1_000;
    private static final int MOST_SWEEPS = 100;

    private final SlaRows rows;
    private final Predicate<String> mine;
    private final Checker checker;
    private final LongSupplier clock;
    private final long latencyMs;
    private final long sweepEveryMs;
    private final DueQueue queue;
    private final Retries retries = new Retries();
    private long sweptAt = Long.MIN_VALUE;
    private long readUpTo;

    /** Runs a check for each of the ids, some of them at a time, and returns when all have come back. */
    @FunctionalInterface
    public interface Checker {
        void checkAll(List<String> ids, Consumer<String> check);
    }

    /**
     * @param mine whether an id is of this server's share
     * @param clock milliseconds since the epoch
     * @param latencyMs how long after it was due a miss is recorded, for news of a job take a while
     */
    public Follower(
            SlaRows rows,
            Predicate<String> mine,
            Checker checker,
            LongSupplier clock,
            long latencyMs,
            long sweepEveryMs,
            int capacity) {
        this.rows = rows;
        this.mine = mine;
        this.checker = checker;
        this.clock = clock;
        this.latencyMs = latencyMs;
        this.sweepEveryMs = sweepEveryMs;
        this.queue = new DueQueue(capacity);
    }

    /** An SLA as it is in the database now: followed if it is of this server's share and lacks something. */
    public void saw(OpenSla sla) {
        retries.seen(sla.id());
        if (sla.isOpen() && mine.test(sla.id())) {
            queue.put(sla.id(), Math.max(sla.dueAt(latencyMs), retries.notBefore(sla.id())));
        } else {
            queue.remove(sla.id());
        }
    }

    public void forget(String id) {
        queue.remove(id);
    }

    /** Forgets all; the next run sweeps. */
    public synchronized void clear() {
        queue.clear();
        sweptAt = Long.MIN_VALUE;
    }

    /**
     * Brings what is recorded up to date.
     *
     * @param sweep read all open SLAs, not only those that were written lately, and try those at once whose check failed
     */
    public void run(SlaCheck check, boolean sweep) {
        long now = clock.getAsLong();
        if (sweep) {
            retries.forgive();
        }
        if (sweep || isSweepDue(now)) {
            sweep(check, now);
        } else {
            readChanges(now);
        }
        checkDue(check, now);
        for (int i = 0; queue.horizon() <= now && i < MOST_SWEEPS; i++) {
            fill(now);
            checkDue(check, now);
        }
    }

    private synchronized boolean isSweepDue(long now) {
        return sweptAt == Long.MIN_VALUE || now - sweptAt >= sweepEveryMs || now < sweptAt;
    }

    private void sweep(SlaCheck check, long now) {
        retries.sweepBegins();
        fill(now);
        for (SlaRows.Kind kind : SlaRows.Kind.values()) {
            checkBehind(check, kind);
        }
        retries.sweepEnds();
        synchronized (this) {
            sweptAt = now;
        }
    }

    private void checkBehind(SlaCheck check, SlaRows.Kind kind) {
        String after = SlaRows.BEFORE_ALL;
        List<String> page;
        do {
            page = rows.behind(kind, after, PAGE);
            page.forEach(retries::seen);
            checkAll(check, page);
            after = page.isEmpty() ? after : page.get(page.size() - 1);
        } while (page.size() == PAGE);
    }

    private void fill(long now) {
        queue.retain(mine);
        queue.reset();
        readPages((after, limit) -> rows.open(after, limit));
        readUpTo = now;
    }

    private void readChanges(long now) {
        long since = Math.min(readUpTo, now) - OVERLAP_MS;
        readPages((after, limit) -> rows.changed(since, after, limit));
        readUpTo = now;
    }

    @FunctionalInterface
    private interface Pages {
        List<OpenSla> page(String after, int limit);
    }

    private void readPages(Pages pages) {
        String after = SlaRows.BEFORE_ALL;
        List<OpenSla> page;
        do {
            page = pages.page(after, PAGE);
            for (OpenSla sla : page) {
                saw(sla);
                after = sla.id();
            }
        } while (page.size() == PAGE);
    }

    private void checkDue(SlaCheck check, long now) {
        checkAll(check, queue.due(now));
    }

    private void checkAll(SlaCheck check, List<String> ids) {
        List<String> wanted = new ArrayList<>();
        for (String id : ids) {
            if (mine.test(id) && retries.notBefore(id) <= clock.getAsLong()) {
                wanted.add(id);
            }
        }
        checker.checkAll(wanted, id -> check(check, id));
    }

    /** Checks one, whoever owns it; a failure is logged, and it is tried again. */
    public void check(SlaCheck check, String id) {
        try {
            switch (check.check(id)) {
                case DONE:
                    retries.succeeded(id);
                    break;
                case MISSING:
                    putOff(id, "its job is not there", null);
                    break;
                case GONE:
                    giveUp(id);
                    break;
                default:
                    LOG.debug("Not checked now, somebody else is at it: sla={}", id);
            }
        } catch (RuntimeException | Error e) {
            putOff(id, e.toString(), e);
        }
    }

    private void putOff(String id, String why, Throwable failure) {
        long now = clock.getAsLong();
        boolean first = retries.failed(id, now);
        queue.put(id, retries.notBefore(id));
        String next = "An SLA could not be checked and is tried again: sla={} reason='{}' next_in_ms={}";
        long wait = retries.notBefore(id) - now;
        if (failure == null) {
            tell(first, next, id, why, wait);
        } else if (first) {
            LOG.error(next, id, why, wait, failure);
        } else {
            LOG.error(next, id, why, wait);
        }
    }

    /** The next sweep finds it again if it is in the database still. */
    private void giveUp(String id) {
        boolean first = retries.gone(id, clock.getAsLong());
        queue.remove(id);
        tell(
                first,
                "An SLA cannot be checked, its job or its row in the SLA tables is gone: sla={} next_in_ms={}",
                id,
                Retries.LONGEST_MS);
    }

    private static void tell(boolean first, String message, Object... arguments) {
        if (first) {
            LOG.info(message, arguments);
        } else {
            LOG.debug(message, arguments);
        }
    }

    /** How many are in the cache. */
    public int size() {
        return queue.size();
    }

    /** The ids in the cache. */
    public List<String> ids() {
        return queue.ids();
    }
}
