package org.oozieha.it.mini;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import javax.persistence.EntityManager;
import org.apache.oozie.AppType;
import org.apache.oozie.WorkflowJobBean;
import org.apache.oozie.client.WorkflowJob;
import org.apache.oozie.client.event.SLAEvent.SLAStatus;
import org.apache.oozie.executor.jpa.BatchQueryExecutor;
import org.apache.oozie.executor.jpa.SLASummaryQueryExecutor;
import org.apache.oozie.executor.jpa.SLASummaryQueryExecutor.SLASummaryQuery;
import org.apache.oozie.executor.jpa.WorkflowJobQueryExecutor;
import org.apache.oozie.executor.jpa.WorkflowJobQueryExecutor.WorkflowJobQuery;
import org.apache.oozie.service.EventHandlerService;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Services;
import org.apache.oozie.sla.SLACalcStatus;
import org.apache.oozie.sla.SLARegistrationBean;
import org.apache.oozie.sla.SLASummaryBean;
import org.apache.oozie.sla.service.SLAService;

/** A server with SLAs, of stock Oozie or of the pack; checks and deliveries happen when a test says so. */
public abstract class SlaTestCase extends HaServicesTestCase {
    static final String EVENTS = "org.apache.oozie.service.EventHandlerService";
    static final List<String> STOCK = Arrays.asList(EVENTS, "org.apache.oozie.sla.service.SLAService");
    static final List<String> PACK = Arrays.asList(LOCKS, DATABASE, EVENTS, "org.oozieha.sla.HASLAService");
    static final long HOUR_MS = 3_600_000;
    /** Else Oozie tries a statement for a minute and a half. */
    static final String[] FEW_RETRIES = {
        "oozie.service.JPAService.retry.max-retries", "1", "oozie.service.JPAService.retry.initial-wait-time.ms", "1"
    };

    private static int jobs;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        Ear.HEARD.clear();
    }

    static Services bootSla(List<String> services, String... more) throws Exception {
        List<String> settings = new ArrayList<>(Arrays.asList(
                "oozie.service.EventHandlerService.event.listeners",
                Ear.class.getName(),
                "oozie.service.EventHandlerService.worker.interval",
                "3600",
                SLAService.CONF_SLA_CHECK_INITIAL_DELAY,
                "3600",
                SLAService.CONF_SLA_CHECK_INTERVAL,
                "3600",
                SLAService.CONF_JOB_EVENT_LATENCY,
                "0"));
        settings.addAll(Arrays.asList(more));
        return boot(services, settings.toArray(new String[0]));
    }

    /** As many checks as make stock give up, on a database that has no table of SLAs for so long. */
    static void checkWithoutDatabase() {
        update("alter table SLA_SUMMARY rename to SLA_AWAY");
        try {
            for (int i = 0; i < 5; i++) {
                slas().runSLAWorker();
            }
        } finally {
            update("alter table SLA_AWAY rename to SLA_SUMMARY");
        }
    }

    /** How many statements on SLAs a check takes while so many more are open and none is due; {@link Statements} listens. */
    static int statementsOfACheck(int more) throws Exception {
        for (int i = 0; i < more; i++) {
            String id = workflow(WorkflowJob.Status.PREP, null, null);
            assertTrue(slas().addRegistrationEvent(registration(id, in(HOUR_MS), in(2 * HOUR_MS))));
        }
        slas().runSLAWorker();
        Statements.reset();
        slas().runSLAWorker();
        return Statements.with("sla_");
    }

    static SLAService slas() {
        return Services.get().get(SLAService.class);
    }

    static EventHandlerService events() {
        return Services.get().get(EventHandlerService.class);
    }

    /** As Oozie's workers do. */
    static void deliver() {
        while (!events().getEventQueue().isEmpty()) {
            events().new EventWorker().run();
        }
    }

    static void checkAndDeliver() {
        slas().runSLAWorker();
        deliver();
    }

    static String workflow(WorkflowJob.Status status, Date start, Date end) throws Exception {
        WorkflowJobBean job = new WorkflowJobBean();
        synchronized (SlaTestCase.class) {
            job.setId(String.format("%07d-%015d-oozie-test-W", ++jobs, System.nanoTime()));
        }
        job.setStatus(status);
        job.setCreatedTime(new Date());
        job.setLastModifiedTime(new Date());
        job.setStartTime(start);
        job.setEndTime(end);
        job.setUser("test");
        job.setAppName("test");
        WorkflowJobQueryExecutor.getInstance().insert(job);
        return job.getId();
    }

    static void change(String id, WorkflowJob.Status status, Date start, Date end) throws Exception {
        WorkflowJobBean job = WorkflowJobQueryExecutor.getInstance().get(WorkflowJobQuery.GET_WORKFLOW, id);
        job.setStatus(status);
        job.setStartTime(start);
        job.setEndTime(end);
        WorkflowJobQueryExecutor.getInstance().executeUpdate(WorkflowJobQuery.UPDATE_WORKFLOW, job);
    }

    static SLARegistrationBean registration(String id, Date start, Date end) {
        SLARegistrationBean registration = new SLARegistrationBean();
        registration.setId(id);
        registration.setAppType(AppType.WORKFLOW_JOB);
        registration.setAppName("test");
        registration.setUser("test");
        registration.setNominalTime(new Date());
        registration.setExpectedStart(start);
        registration.setExpectedEnd(end);
        registration.setNotificationMsg("\ud83d\ude00 \u00e4 'quoted' \"line\"\nnext");
        registration.setAlertContact("a@example.com");
        return registration;
    }

    /** What another server's registration leaves in the database. */
    static void registerElsewhere(SLARegistrationBean registration, Date modified, int processed) throws Exception {
        SLACalcStatus status = new SLACalcStatus(registration);
        status.setSLAStatus(SLAStatus.NOT_STARTED);
        status.setJobStatus("PREP");
        status.setLastModifiedTime(modified);
        status.setEventProcessed(processed);
        BatchQueryExecutor.getInstance()
                .executeBatchInsertUpdateDelete(
                        new ArrayList<>(Arrays.asList(registration, new SLASummaryBean(status))), null, null);
    }

    /** An SLA of a job that has not started, registered elsewhere and missed an hour ago. */
    static String missedElsewhere() throws Exception {
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        registerElsewhere(registration(id, null, ago(HOUR_MS)), new Date(), 0);
        return id;
    }

    static Date ago(long ms) {
        return new Date(System.currentTimeMillis() - ms);
    }

    static Date in(long ms) {
        return ago(-ms);
    }

    /** Null if there is none. */
    static SLASummaryBean summary(String id) throws Exception {
        return SLASummaryQueryExecutor.getInstance().get(SLASummaryQuery.GET_SLA_SUMMARY, id);
    }

    static List<String> heardOf(String id) {
        List<String> heard = new ArrayList<>();
        for (String line : Ear.HEARD) {
            if (line.startsWith(id + " ")) {
                heard.add(line.substring(id.length() + 1));
            }
        }
        return heard;
    }

    static List<String> nothing() {
        return Collections.emptyList();
    }

    static int update(String sql, Object... parameters) {
        EntityManager entities = Services.get().get(JPAService.class).getEntityManager();
        try {
            entities.getTransaction().begin();
            javax.persistence.Query query = entities.createNativeQuery(sql);
            for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
            }
            int count = query.executeUpdate();
            entities.getTransaction().commit();
            return count;
        } finally {
            entities.close();
        }
    }

    /** For tests that leave many. */
    static void deleteSlas() {
        for (String table : Arrays.asList("SLA_SUMMARY", "SLA_REGISTRATION", "WF_JOBS")) {
            update("delete from " + table);
        }
    }

    static List<?> query(String sql, Object... parameters) {
        EntityManager entities = Services.get().get(JPAService.class).getEntityManager();
        try {
            javax.persistence.Query query = entities.createNativeQuery(sql);
            for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
            }
            List<?> rows = query.getResultList();
            return new ArrayList<Object>(rows);
        } finally {
            entities.close();
        }
    }

    /** The bits of its events that are recorded. */
    static int processed(String id) {
        return ((Number) query("select event_processed from SLA_SUMMARY where job_id = ?", id)
                        .get(0))
                .intValue();
    }
}
