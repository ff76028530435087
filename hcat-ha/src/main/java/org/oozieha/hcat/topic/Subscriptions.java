package org.oozieha.hcat.topic;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.oozieha.hcat.waiting.Pauses;
import org.oozieha.takeover.TaskTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of one broker that are listened to.
 *
 * <p>Guarantee: whatever is wanted is subscribed as soon as the broker lets it, after an outage of any length, each topic on its own, with
 * growing pauses up to 15 s and no end. A topic given up while somebody still needs it stays, or is subscribed again: there is no moment
 * between the two in which it is lost. One that is given up for good is left, after an outage too where the broker keeps messages.
 * What passed while a topic was not subscribed is lost; {@code subscribed} tells when to look.
 *
 * <p>Thread-safe; no call waits. Connecting and subscribing happen on the timer's thread alone.
 *
 * @param <H> what handles the messages of a topic
 */
public final class Subscriptions<H> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 15_000;

    private final String name;
    private final Broker<H> broker;
    private final TaskTimer timer;
    private final Predicate<String> needed;
    private final Consumer<String> subscribed;
    private final Pauses pauses = new Pauses(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    private final Map<String, H> wanted = new HashMap<>();
    private final Map<String, H> released = new HashMap<>();
    private final Set<String> active = new HashSet<>();
    private Broker.Connection<H> connection;
    private boolean retrying;
    private boolean closed;

    /**
     * @param name for log lines
     * @param needed asked before a topic that was given up is really left
     * @param subscribed told of each topic that is listened to from now on
     */
    public Subscriptions(
            String name, Broker<H> broker, TaskTimer timer, Predicate<String> needed, Consumer<String> subscribed) {
        this.name = name;
        this.broker = broker;
        this.timer = timer;
        this.needed = needed;
        this.subscribed = subscribed;
    }

    /** Listens to the topic as soon as possible; a topic wanted already keeps its handler. */
    public synchronized void want(String topic, H handler) {
        H earlier = released.remove(topic);
        if (wanted.putIfAbsent(topic, earlier == null ? handler : earlier) == null) {
            timer.after(0, this::reconcile);
        }
    }

    /** Leaves the topic, unless somebody needs it by then. */
    public synchronized void release(String topic) {
        H handler = wanted.remove(topic);
        if (handler != null) {
            released.put(topic, handler);
            timer.after(0, this::reconcile);
        }
    }

    public synchronized boolean isWanted(String topic) {
        return wanted.containsKey(topic);
    }

    public synchronized boolean isSubscribed(String topic) {
        return active.contains(topic);
    }

    private void reconcile() {
        keepNeeded();
        boolean done = true;
        for (String topic : released()) {
            done &= leave(topic);
        }
        for (String topic : missing()) {
            done &= subscribe(topic);
        }
        Broker.Connection<H> useless = null;
        synchronized (this) {
            if (done) {
                pauses.reset();
            } else {
                useless = withoutTopics();
                retry();
            }
        }
        if (useless != null) {
            LOG.warn("The connection takes no topic, it is replaced: broker={}", name);
            useless.close();
        }
    }

    /** The connection, given up, if no topic is left on it: it may have died unheard. */
    private Broker.Connection<H> withoutTopics() {
        Broker.Connection<H> useless = active.isEmpty() ? connection : null;
        if (useless != null) {
            connection = null;
        }
        return useless;
    }

    private void keepNeeded() {
        Map<String, H> candidates;
        synchronized (this) {
            candidates = new HashMap<>(released);
        }
        candidates.forEach((topic, handler) -> {
            if (needed.test(topic)) {
                want(topic, handler);
            }
        });
    }

    private synchronized Set<String> released() {
        return closed ? new HashSet<>() : new HashSet<>(released.keySet());
    }

    private boolean leave(String topic) {
        synchronized (this) {
            if (!released.containsKey(topic)) {
                return true; // wanted again meanwhile
            }
            boolean nothingToEnd = !active.remove(topic) && !broker.keepsMessages();
            if (nothingToEnd) {
                released.remove(topic);
                return true;
            }
        }
        Broker.Connection<H> open = connected();
        if (open == null) {
            return false;
        }
        try {
            open.leave(topic);
        } catch (Exception e) {
            LOG.warn("Cannot leave, it is tried again: topic={} broker={} reason={}", topic, name, e.toString());
            return false;
        }
        synchronized (this) {
            released.remove(topic);
        }
        LOG.info("Not listening any more: topic={} broker={}", topic, name);
        return true;
    }

    private synchronized Set<String> missing() {
        Set<String> topics = new HashSet<>(wanted.keySet());
        topics.removeAll(active);
        return closed ? new HashSet<>() : topics;
    }

    private boolean subscribe(String topic) {
        H handler;
        synchronized (this) {
            handler = wanted.get(topic);
        }
        Broker.Connection<H> open = handler == null ? null : connected();
        if (handler == null || open == null) {
            return handler == null;
        }
        try {
            open.subscribe(topic, handler);
            synchronized (this) {
                if (open != connection) {
                    return false; // lost meanwhile; its subscriptions ended with it
                }
                active.add(topic);
            }
            LOG.info("Listening: topic={} broker={}", topic, name);
            subscribed.accept(topic);
            return true;
        } catch (Exception e) {
            LOG.warn("Cannot listen, it is tried again: topic={} broker={} reason={}", topic, name, e.toString());
            return false;
        }
    }

    private Broker.Connection<H> connected() {
        synchronized (this) {
            if (connection != null || closed || retrying) {
                return connection;
            }
        }
        Broker.Connection<H> opened;
        Lost lost = new Lost();
        try {
            opened = broker.connect(lost);
        } catch (Exception e) {
            LOG.warn("No connection, it is tried again: broker={} reason={}", name, e.toString());
            retry();
            return null;
        }
        boolean late;
        synchronized (this) {
            late = closed;
            connection = late ? null : opened;
        }
        if (late) {
            opened.close();
            return null;
        }
        LOG.info("Connected: broker={}", name);
        lost.of(opened);
        return opened;
    }

    private synchronized void retry() {
        if (!retrying && !closed) {
            retrying = true;
            timer.after(pauses.next(), () -> {
                synchronized (this) {
                    retrying = false;
                }
                reconcile();
            });
        }
    }

    private void lost(Broker.Connection<H> broken) {
        synchronized (this) {
            if (broken != connection || closed) {
                return;
            }
            connection = null;
            active.clear();
        }
        LOG.warn("Connection lost: broker={} topics={}", name, wantedCount());
        broken.close();
        reconcile();
    }

    private synchronized int wantedCount() {
        return wanted.size();
    }

    /** Ends the connection and with it all subscriptions. */
    @Override
    public void close() {
        Broker.Connection<H> open;
        synchronized (this) {
            closed = true;
            open = connection;
            connection = null;
            active.clear();
        }
        if (open != null) {
            open.close();
        }
    }

    /** Reports the end of a connection on the timer's thread, also one that broke before it was returned. */
    private final class Lost implements Runnable {
        private Broker.Connection<H> opened;
        private boolean broken;

        @Override
        public synchronized void run() {
            broken = true;
            report();
        }

        synchronized void of(Broker.Connection<H> returned) {
            opened = returned;
            report();
        }

        private void report() {
            if (broken && opened != null) {
                Broker.Connection<H> gone = opened;
                timer.after(0, () -> lost(gone));
            }
        }
    }
}
