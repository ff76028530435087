package org.oozieha.sla;

import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.EventHandlerService;
import org.apache.oozie.service.JPAService;
import org.oozieha.service.HaNode;
import org.oozieha.sla.alert.Delivery;
import org.oozieha.sla.alert.Outbox;
import org.oozieha.sla.alert.Retention;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of alerts into Oozie's event queue: by the table, or without it as in stock Oozie.
 *
 * <p>Guarantee: with the table that of {@link Outbox}. Where Oozie's database user may not make the table, start says once what can be
 * lost and how to make it. Thread-safe.
 */
final class Outlet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sla");
    private static final int MOST_IN_FLIGHT = 1_000;

    private final EventHandlerService events;
    private final HaNode node;
    private final Outbox outbox;
    private final Retention retention;
    private final boolean keepsAlerts;

    Outlet(HaNode node, EventHandlerService events, Configuration conf) {
        this.node = node;
        this.events = events;
        int queueSize = ConfigurationService.getInt(conf, EventHandlerService.CONF_QUEUE_SIZE);
        AlertTable table = new AlertTable(
                ConfigurationService.get(conf, JPAService.CONF_URL).trim());
        outbox = new Outbox(
                table,
                node.cluster(),
                node.partition()::owns,
                this::queue,
                Outlet::isAtWork,
                System::currentTimeMillis,
                Math.max(1, Math.min(MOST_IN_FLIGHT, queueSize / 2)));
        retention = new Retention(table, System::currentTimeMillis);
        keepsAlerts = created(table);
    }

    private static boolean created(AlertTable table) {
        try {
            table.create();
            return true;
        } catch (RuntimeException e) {
            LOG.warn(
                    "SLA alerts that a server has recorded and not delivered yet will be lost with it, as in stock"
                            + " Oozie: {}",
                    e.getMessage());
            return false;
        }
    }

    /** Has the table's rows marked once all listeners were told. */
    void listen(Configuration conf) throws Exception {
        if (keepsAlerts) {
            events.addEventListener(new AlertReceipts(), conf, AlertReceipts.class.getName());
        }
    }

    /** The incarnation that delivers what is recorded now. */
    String server() {
        return outbox.server();
    }

    boolean keepsAlerts() {
        return keepsAlerts;
    }

    /** An alert that was committed just now. */
    void send(QueuedAlert alert) {
        if (keepsAlerts) {
            outbox.committed(alert.row());
        } else {
            events.queueEvent(alert);
        }
    }

    private void queue(Delivery delivery) {
        QueuedAlert event;
        try {
            event = QueuedAlert.of(delivery.alert());
        } catch (RuntimeException e) {
            LOG.error(
                    "An alert cannot be read and is not delivered: alert={} payload='{}'",
                    delivery.alert(),
                    delivery.alert().payload(),
                    e);
            delivery.delivered();
            return;
        }
        events.queueEvent(event.with(delivery));
    }

    /** One that is not has given up its alert, by an error that even Oozie's worker did not catch. */
    private static boolean isAtWork(Thread thread) {
        String worker = EventHandlerService.EventWorker.class.getName();
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(worker));
    }

    /** Delivers what is left from before, here or at a server that is gone. */
    void collect() {
        if (keepsAlerts && node.cluster().lease().isValid()) {
            outbox.collect(events.getEventQueue().isEmpty());
        }
    }

    /** One server does, else they wait for each other's rows. */
    void prune() {
        if (keepsAlerts && node.leadership().isLeader()) {
            retention.prune();
        }
    }

    long inFlight() {
        return outbox.inFlight();
    }

    @Override
    public void close() {
        outbox.close();
    }
}
