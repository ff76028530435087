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
 * told and before that was written; or if the thread that told them was lost with it. An alert whose listener does not return is not handed
 * out again by this server; those behind it are. On failure of the database it is tried again at the next {@link #collect}. Thread-safe.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sla");
    private static final int PAGE = 500;

    private final AlertRows rows;
    private final Cluster cluster;
    private final Predicate<String> mine;
    private final Consumer<Delivery> queue;
    private final Predicate<Thread> atWork;
    private final LongSupplier clock;
    private final int mostInFlight;
    /** By the alert's key: in the queue, with the listeners, or told and not yet written. */
    private final Map<String, Delivery> inFlight = new ConcurrentHashMap<>();
    /** What each thread has begun last. */
    private final Map<Thread, Delivery> telling = new ConcurrentHashMap<>();
    /** Since the last collect began: a page read before may still have them. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * @param mine whether an id is of this server's share
     * @param queue queues an alert for the listeners, or drops it
     * @param atWork whether a thread that has begun a delivery is still with the queue's listeners
     * @param clock milliseconds since the epoch
     * @param mostInFlight how many to queue at once
     */
    public Outbox(
            AlertRows rows,
            Cluster cluster,
            Predicate<String> mine,
            Consumer<Delivery> queue,
            Predicate<Thread> atWork,
            LongSupplier clock,
            int mostInFlight) {
        this.rows = rows;
        this.cluster = cluster;
        this.mine = mine;
        this.queue = queue;
        this.atWork = atWork;
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
        if (alert.server().equals(self.toString())) {
            Delivery delivery = new Delivery(this, alert, self);
            if (isNew(delivery)) {
                queue.accept(delivery);
            }
        }
    }

    private boolean isNew(Delivery delivery) {
        if (inFlight.putIfAbsent(delivery.key(), delivery) != null) {
            return false;
        }
        if (told.contains(delivery.key())) {
            inFlight.remove(delivery.key(), delivery);
            return false;
        }
        return true;
    }

    /**
     * Queues what is to be delivered by this server: its own, what the queue has lost of it, and those of its share whose server is gone.
     * Calls must not overlap.
     *
     * @param queueIsEmpty whether the listeners' queue is
     */
    public void collect(boolean queueIsEmpty) {
        told.clear();
        writeTold();
        forgetLost(queueIsEmpty);
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

    private void writeTold() {
        for (Delivery delivery : inFlight.values()) {
            if (delivery.isTold() && !write(delivery)) {
                return;
            }
        }
    }

    private void forgetLost(boolean queueIsEmpty) {
        long now = clock.getAsLong();
        for (Delivery delivery : inFlight.values()) {
            if (delivery.isLost(queueIsEmpty, now, this::isWithListeners)) {
                forget(delivery);
            }
        }
    }

    private void forget(Delivery delivery) {
        telling.values().remove(delivery);
        inFlight.remove(delivery.key(), delivery);
    }

    private boolean isWithListeners(Delivery delivery) {
        Thread teller = delivery.teller();
        if (telling.get(teller) != delivery || !atWork.test(teller)) {
            return false;
        }
        if (delivery.isToBeReported()) {
            LOG.warn(
                    "A listener has not returned from an alert for {} ms; the other threads go on: alert={} thread='{}'",
                    Delivery.PATIENCE_MS,
                    delivery.alert(),
                    teller.getName());
        }
        return true;
    }

    /** For {@link Delivery#begin}. */
    boolean begin(Delivery delivery) {
        if (!closed
                && inFlight.get(delivery.key()) == delivery
                && cluster.lease().isValid(delivery.incarnation())
                && delivery.begun(clock.getAsLong())) {
            telling.put(Thread.currentThread(), delivery);
            return true;
        }
        forget(delivery);
        return false;
    }

    /** For {@link Delivery#delivered}. */
    void delivered(Delivery delivery) {
        delivery.told();
        telling.values().remove(delivery);
        write(delivery);
    }

    private boolean write(Delivery delivery) {
        String key = delivery.key();
        try {
            rows.delivered(key, clock.getAsLong());
        } catch (RuntimeException e) {
            LOG.error(
                    "An alert was delivered, but that could not be written; the next check does it: alert={}", key, e);
            return false;
        }
        told.add(key);
        inFlight.remove(key);
        return true;
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
