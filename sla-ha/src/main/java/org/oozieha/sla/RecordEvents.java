package org.oozieha.sla;

import static org.oozieha.sla.SlaTables.bounded;
import static org.oozieha.sla.SlaTables.millis;
import static org.oozieha.sla.SlaTables.timestamp;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.apache.oozie.executor.jpa.JPAExecutor;
import org.oozieha.sla.follow.OpenSla;
import org.oozieha.sla.rule.Decision;
import org.oozieha.sla.rule.JobState;
import org.oozieha.sla.rule.Outcome;
import org.oozieha.sla.rule.Progress;
import org.oozieha.sla.rule.Terms;

/**
 * One transaction: reads an SLA and its job, decides, writes what was decided and the alerts for it.
 *
 * <p>Guarantee: the row is written only if it still is as it was read, so each event is recorded once whoever else is at it, stock servers
 * apart; an alert is in OOZIE_HA_ALERT exactly if its event is recorded. It may be executed again after a failure.
 */
final class RecordEvents implements JPAExecutor<RecordEvents.Outgoing> {
    /** Databases round times, drivers do not. */
    private static final long ROUNDING_MS = 10;

    private static final long LATELY_MS = 3_600_000;

    private static final String SELECT = "select s.eventProcessed, s.slaStatus, s.eventStatus, s.jobStatus,"
            + " s.actualStartTS, s.actualEndTS, s.actualDuration, s.expectedStartTS, s.expectedEndTS, s.expectedDuration,"
            + " s.lastModifiedTS, s.nominalTimeTS, s.appType, s.appName, s.user, s.parentId from SLASummaryBean s where"
            + " s.jobId = :id";
    private static final String UPDATE = "update SLASummaryBean s set s.slaStatus = :slaStatus,"
            + " s.eventStatus = :eventStatus, s.eventProcessed = :eventProcessed, s.jobStatus = :jobStatus,"
            + " s.lastModifiedTS = :now, s.actualStartTS = :start, s.actualEndTS = :end, s.actualDuration = :duration"
            + " where s.jobId = :id and s.eventProcessed = :asRead";
    private static final String UNCHANGED = " and s.lastModifiedTS >= :from and s.lastModifiedTS <= :to";

    /** What came of the transaction. Immutable. */
    static final class Outgoing {
        /** There is no such SLA, or no such job and there will be none. */
        static final Outgoing GONE = new Outgoing(null, 0, Collections.emptyList(), null);
        /** There is no such job, but its SLA was written lately. */
        static final Outgoing MISSING = new Outgoing(null, 0, Collections.emptyList(), null);
        /** The row was written by somebody else meanwhile. */
        static final Outgoing OVERTAKEN = new Outgoing(null, 0, Collections.emptyList(), null);

        final OpenSla sla;
        final int events;
        final List<QueuedAlert> alerts;

        /** Why its rows, or its job's, cannot be read; nothing was written then. Else null. */
        final RuntimeException unreadable;

        private Outgoing(OpenSla sla, int events, List<QueuedAlert> alerts, RuntimeException unreadable) {
            this.sla = sla;
            this.events = events;
            this.alerts = Collections.unmodifiableList(alerts);
            this.unreadable = unreadable;
        }

        private static Outgoing unreadable(RuntimeException why) {
            return new Outgoing(null, 0, Collections.emptyList(), why);
        }
    }

    private final String id;
    private final LongSupplier clock;
    private final String server;
    private final boolean keepAlerts;
    private boolean again;

    /**
     * @param clock milliseconds since the epoch
     * @param server the incarnation that is to deliver the alerts
     * @param keepAlerts whether there is a table for them
     */
    RecordEvents(String id, LongSupplier clock, String server, boolean keepAlerts) {
        this.id = id;
        this.clock = clock;
        this.server = server;
        this.keepAlerts = keepAlerts;
    }

    @Override
    public String getName() {
        return "RecordEvents";
    }

    @Override
    public Outgoing execute(EntityManager entities) {
        if (again && entities.getTransaction().isActive()) {
            // Oozie repeats within the failed transaction: it would read what it wrote itself, and no alert would
            // follow
            entities.getTransaction().rollback();
            entities.getTransaction().begin();
        }
        again = true;
        try {
            return recorded(entities);
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            // thrown on, Oozie would repeat it for more than a minute in which this thread checks no other SLA
            entities.getTransaction().rollback();
            return Outgoing.unreadable(e);
        }
    }

    private Outgoing recorded(EntityManager entities) {
        Object[] row = JobTables.row(entities, SELECT, id).orElse(null);
        if (row == null) {
            return Outgoing.GONE;
        }
        Optional<JobState> job = JobTables.read(entities, id);
        long now = clock.getAsLong();
        if (!job.isPresent()) {
            return row[10] != null && now - millis(row[10]) < LATELY_MS ? Outgoing.MISSING : Outgoing.GONE;
        }
        Terms terms = new Terms(millis(row[7]), millis(row[8]), ((Number) row[9]).longValue());
        Progress recorded = progress(row);
        Decision decision = Decision.of(terms, recorded, job.get(), now);
        Progress next = decision.progress();
        if (!next.equals(recorded) && !write(entities, recorded, next, (Timestamp) row[10], now)) {
            return Outgoing.OVERTAKEN;
        }
        OpenSla sla = new OpenSla(id, next.processed(), terms, next.start());
        return new Outgoing(sla, decision.events().size(), alerts(entities, row, decision.events(), now), null);
    }

    private static Progress progress(Object[] row) {
        return new Progress(
                ((Number) row[0]).intValue(),
                (String) row[1],
                row[2] == null ? null : Outcome.valueOf((String) row[2]),
                (String) row[3],
                millis(row[4]),
                millis(row[5]),
                ((Number) row[6]).longValue());
    }

    private boolean write(EntityManager entities, Progress recorded, Progress next, Timestamp modified, long now) {
        Query update = bounded(entities.createQuery(modified == null ? UPDATE : UPDATE + UNCHANGED))
                .setParameter("slaStatus", next.slaStatus())
                .setParameter(
                        "eventStatus", next.last() == null ? null : next.last().name())
                .setParameter("eventProcessed", (byte) next.processed())
                .setParameter("jobStatus", next.jobStatus())
                .setParameter("now", new Timestamp(now))
                .setParameter("start", timestamp(next.start()))
                .setParameter("end", timestamp(next.end()))
                .setParameter("duration", next.duration())
                .setParameter("id", id)
                .setParameter("asRead", (byte) recorded.processed());
        if (modified != null) {
            update.setParameter("from", new Timestamp(modified.getTime() - ROUNDING_MS))
                    .setParameter("to", new Timestamp(modified.getTime() + ROUNDING_MS));
        }
        return update.executeUpdate() == 1;
    }

    private List<QueuedAlert> alerts(EntityManager entities, Object[] row, List<Progress> events, long now) {
        if (events.isEmpty()) {
            return Collections.emptyList();
        }
        Registration registration = Registration.read(entities, id, row);
        List<QueuedAlert> alerts = new ArrayList<>();
        if (registration.isAlerting()) {
            for (Progress event : events) {
                String key = id + '#' + event.last() + '#' + Long.toString(now, Character.MAX_RADIX);
                QueuedAlert alert = registration.alert(key, server, event);
                if (keepAlerts) {
                    AlertTable.insert(entities, alert.row(), now);
                }
                alerts.add(alert);
            }
        }
        return alerts;
    }
}
