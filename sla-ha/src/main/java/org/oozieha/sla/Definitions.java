package org.oozieha.sla;

import static org.oozieha.sla.SlaTables.millis;
import static org.oozieha.sla.SlaTables.timestamp;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.apache.oozie.AppType;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.client.event.SLAEvent.SLAStatus;
import org.apache.oozie.client.rest.RestConstants;
import org.apache.oozie.command.CommandException;
import org.apache.oozie.executor.jpa.BatchQueryExecutor;
import org.apache.oozie.executor.jpa.BatchQueryExecutor.UpdateEntry;
import org.apache.oozie.executor.jpa.JPAExecutor;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.executor.jpa.SLARegistrationQueryExecutor.SLARegQuery;
import org.apache.oozie.executor.jpa.SLASummaryQueryExecutor.SLASummaryQuery;
import org.apache.oozie.sla.SLACalcStatus;
import org.apache.oozie.sla.SLAOperations;
import org.apache.oozie.sla.SLARegistrationBean;
import org.apache.oozie.sla.SLASummaryBean;
import org.apache.oozie.util.Pair;

/**
 * Stores what users say about SLAs: registrations, and changes of them.
 *
 * <p>Guarantee: each call is one transaction, and the row's modification time tells every server of it; whether alerts are enabled is read
 * anew with every event. On failure JPAExecutorException, and nothing is stored. Thread-safe.
 */
final class Definitions {
    private static final String TERMS = "x.nominalTimeTS = :nominal, x.expectedStartTS = :start,"
            + " x.expectedEndTS = :end, x.expectedDuration = :duration where x.jobId = :id";

    private final LongSupplier clock;

    Definitions(LongSupplier clock) {
        this.clock = clock;
    }

    void add(SLARegistrationBean registration) throws JPAExecutorException {
        SLASummaryBean summary = unstarted(registration);
        Timestamp now = new Timestamp(clock.getAsLong());
        registration.setCreatedTimestamp(now);
        summary.setCreatedTimestamp(now);
        BatchQueryExecutor.getInstance()
                .executeBatchInsertUpdateDelete(new ArrayList<>(Arrays.asList(registration, summary)), null, null);
    }

    /** A job that runs again: as if it had never run. */
    @SuppressWarnings("rawtypes")
    void update(SLARegistrationBean registration) throws JPAExecutorException {
        List<UpdateEntry> updates = new ArrayList<>();
        updates.add(new UpdateEntry<>(SLARegQuery.UPDATE_SLA_REG_ALL, registration));
        updates.add(new UpdateEntry<>(SLASummaryQuery.UPDATE_SLA_SUMMARY_ALL, unstarted(registration)));
        BatchQueryExecutor.getInstance().executeBatchInsertUpdateDelete(null, updates, null);
    }

    private SLASummaryBean unstarted(SLARegistrationBean registration) {
        SLACalcStatus status = new SLACalcStatus(registration);
        status.setSLAStatus(SLAStatus.NOT_STARTED);
        status.setJobStatus(firstStatus(registration.getAppType()));
        status.setLastModifiedTime(new Date(clock.getAsLong()));
        return new SLASummaryBean(status);
    }

    private static String firstStatus(AppType type) {
        switch (type) {
            case COORDINATOR_ACTION:
                return "WAITING";
            case WORKFLOW_ACTION:
            case WORKFLOW_JOB:
                return "PREP";
            default:
                return null;
        }
    }

    void alert(List<String> ids, boolean enabled) throws JPAExecutorException {
        inTransaction("SlaAlerts", entities -> {
            for (String id : ids) {
                SLARegistrationBean registration = new SLARegistrationBean();
                String config = (String) registered(entities, "r.slaConfig, r.jobId", id)[0];
                if (config != null) {
                    registration.setSlaConfig(config);
                }
                if (enabled) {
                    registration.removeFromSLAConfigMap(OozieClient.SLA_DISABLE_ALERT);
                } else {
                    registration.addToSLAConfigMap(OozieClient.SLA_DISABLE_ALERT, Boolean.toString(true));
                }
                entities.createQuery("update SLARegistrationBean r set r.slaConfig = :config where r.jobId = :id")
                        .setParameter("config", registration.getSlaConfig())
                        .setParameter("id", id)
                        .executeUpdate();
                entities.createQuery("update SLASummaryBean s set s.lastModifiedTS = :now where s.jobId = :id")
                        .setParameter("now", new Timestamp(clock.getAsLong()))
                        .setParameter("id", id)
                        .executeUpdate();
            }
        });
    }

    void change(List<Pair<String, Map<String, String>>> changes) throws JPAExecutorException {
        inTransaction("SlaChange", entities -> {
            for (Pair<String, Map<String, String>> change : changes) {
                change(entities, change.getFirst(), change.getSecond());
            }
        });
    }

    private void change(EntityManager entities, String id, Map<String, String> values) throws JPAExecutorException {
        Object[] row =
                registered(entities, "r.nominalTimeTS, r.expectedStartTS, r.expectedEndTS, r.expectedDuration", id);
        SLARegistrationBean registration = new SLARegistrationBean();
        registration.setId(id);
        registration.setNominalTime(SlaTables.date(millis(row[0])));
        registration.setExpectedStart(SlaTables.date(millis(row[1])));
        registration.setExpectedEnd(SlaTables.date(millis(row[2])));
        registration.setExpectedDuration(((Number) row[3]).longValue());
        if (values != null) {
            evaluate(registration, values);
        }
        set(entities.createQuery("update SLARegistrationBean x set " + TERMS), registration)
                .executeUpdate();
        set(entities.createQuery("update SLASummaryBean x set x.lastModifiedTS = :now, " + TERMS), registration)
                .setParameter("now", new Timestamp(clock.getAsLong()))
                .executeUpdate();
    }

    private static Query set(Query update, SLARegistrationBean registration) {
        return update.setParameter("nominal", timestamp(millis(registration.getNominalTime())))
                .setParameter("start", timestamp(millis(registration.getExpectedStart())))
                .setParameter("end", timestamp(millis(registration.getExpectedEnd())))
                .setParameter("duration", registration.getExpectedDuration())
                .setParameter("id", registration.getId());
    }

    private static void evaluate(SLARegistrationBean registration, Map<String, String> values)
            throws JPAExecutorException {
        try {
            Date nominal = SLAOperations.setNominalTime(values.get(RestConstants.SLA_NOMINAL_TIME), registration);
            SLAOperations.setExpectedStart(values.get(RestConstants.SLA_SHOULD_START), nominal, registration);
            SLAOperations.setExpectedEnd(values.get(RestConstants.SLA_SHOULD_END), nominal, registration);
            SLAOperations.setExpectedDuration(values.get(RestConstants.SLA_MAX_DURATION), registration);
        } catch (CommandException e) {
            throw new JPAExecutorException(e);
        }
    }

    private static Object[] registered(EntityManager entities, String columns, String id) throws JPAExecutorException {
        return JobTables.row(entities, "select " + columns + " from SLARegistrationBean r where r.jobId = :id", id)
                .orElseThrow(() -> new JPAExecutorException(ErrorCode.E0604, id));
    }

    @FunctionalInterface
    private interface Work {
        void in(EntityManager entities) throws JPAExecutorException;
    }

    private static void inTransaction(String name, Work work) throws JPAExecutorException {
        SlaTables.database().execute(new JPAExecutor<Void>() {
            @Override
            public String getName() {
                return name;
            }

            @Override
            public Void execute(EntityManager entities) throws JPAExecutorException {
                work.in(entities);
                return null;
            }
        });
    }
}
