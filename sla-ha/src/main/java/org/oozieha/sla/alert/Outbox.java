package org.oozieha.sla.alert;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Incarnation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Alerts between the database and this server's listeners.
 *
 * <p>Guarantee: an alert that was committed is handed to the listeners at least once: by the server that recorded the event, else, once
 * that one is gone, by the owner of the job. It is handed out twice only if a server went, or its session ended, after the listeners were
 * told and before that was written. On failure of the database it is tried again at the next {@link #collect}. Thread-safe.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sla");
    private static final int PAGE = 500;
    /** A listener may take that long, e.g. to reach its mail server. */
    private static final long DROPPED_AFTER_MS = 120_000;

    private static final long KEPT_MS = 24 * 3_600_000L;

    private final AlertRows rows;
    private final Cluster cluster;
    private final Predicate<String> mine;
    private final Consumer<Alert> queue;
    private final LongSupplier clock;
    private final int mostInFlight;
    private final Map<String, Claim> inFlight = new ConcurrentHashMap<>();
    /** Since the last collect began: a page read before may still have them. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** Of an alert that is in the queue. */
    private static final class Claim {
        final Incarnation incarnation;
        final long queuedAt;

        Claim(Incarnation incarnation, long queuedAt) {
            this.incarnation = incarnation;
            this.queuedAt = queuedAt;
        }
    }

    /**
     * @param mine whether an id is of this server's share
     * @param queue queues an alert for the listeners; afterwards {@link #delivered} or {@link #dropped} is called
     * @param clock milliseconds since the epoch
     * @param mostInFlight how many to queue at once
     */
    public Outbox(
            AlertRows rows,
            Cluster cluster,
            Predicate<String> mine,
            Consumer<Alert> queue,
            LongSupplier clock,
            int mostInFlight) {
        this.rows = rows;
        this.cluster = cluster;
        this.mine = mine;
        this.queue = queue;
        this.clock = clock;
        this.mostInFlight = mostInFlight;
    }

    /** For the rows of new alerts. */
    public String server() {
        return cluster.lease().incarnation().toString();
    }

    /** An alert of this server was committed: queues it, or leaves it to {@link #collect}. */
    public void committed(Alert alert) {
        if (inFlight.size() < mostInFlight) {
            queue(alert);
        }
    }

    private void queue(Alert alert) {
        Incarnation self = cluster.lease().incarnation();
        if (alert.server().equals(self.toString()) && isNew(alert.key(), self)) {
            queue.accept(alert);
        }
    }

    private boolean isNew(String key, Incarnation self) {
        if (inFlight.putIfAbsent(key, new Claim(self, clock.getAsLong())) != null) {
            return false;
        }
        if (told.contains(key)) {
            inFlight.remove(key);
            return false;
        }
        return true;
    }

    /**
     * Queues what is to be delivered by this server: its own, and those of its share whose server is gone. Calls must
     * not overlap.
     *
     * @param queueIsEmpty whether the listeners' queue is: what was put into it long ago and did not come out was dropped
     */
    public void collect(boolean queueIsEmpty) {
        told.clear();
        if (queueIsEmpty) {
            long longAgo = clock.getAsLong() - DROPPED_AFTER_MS;
            inFlight.values().removeIf(claim -> claim.queuedAt < longAgo);
        }
        String after = AlertRows.BEFORE_ALL;
        List<Alert> page;
        do {
            page = rows.undelivered(after, PAGE);
            for (Alert alert : page) {
                after = alert.key();
                if (inFlight.size() < mostInFlight) {
                    collect(alert);
                }
            }
        } while (page.size() == PAGE && inFlight.size() < mostInFlight);
    }

    private void collect(Alert alert) {
        String self = server();
        if (alert.server().equals(self)) {
            queue(alert);
        } else if (!isPresent(alert.server()) && mine.test(alert.slaId()) && rows.claim(alert, self)) {
            LOG.info("An alert of a server that is gone is delivered here: alert={}", alert);
            queue(alert.claimedBy(self));
        }
    }

    private boolean isPresent(String server) {
        return cluster.members().all().stream()
                .anyMatch(member -> member.incarnation().toString().equals(server));
    }

    /** Whether the alert may go to the listeners now: nobody else can have claimed it. */
    public boolean mayDeliver(String key) {
        Claim claim = inFlight.get(key);
        return !closed && claim != null && cluster.lease().isValid(claim.incarnation);
    }

    /** The listeners were told. */
    public void delivered(String key) {
        try {
            rows.delivered(key, clock.getAsLong());
            told.add(key);
        } catch (RuntimeException e) {
            LOG.error("An alert was delivered, but that could not be written; it is delivered again: alert={}", key, e);
        } finally {
            inFlight.remove(key);
        }
    }

    /** The listeners will not be told of it by this server's queue. */
    public void dropped(String key) {
        inFlight.remove(key);
    }

    /** Deletes what was delivered more than a day ago. */
    public void prune() {
        int deleted = rows.deleteDeliveredBefore(clock.getAsLong() - KEPT_MS);
        if (deleted > 0) {
            LOG.debug("Delivered alerts deleted: count={}", deleted);
        }
    }

    public int inFlight() {
        return inFlight.size();
    }

    /** From now on nothing goes to the listeners: they stop as well. Another server delivers what is left. */
    @Override
    public void close() {
        closed = true;
    }
}
