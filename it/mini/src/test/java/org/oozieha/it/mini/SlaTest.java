package org.oozieha.it.mini;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.AppType;
import org.apache.oozie.WorkflowActionBean;
import org.apache.oozie.client.WorkflowAction;
import org.apache.oozie.client.WorkflowJob;
import org.apache.oozie.client.event.JobEvent.EventStatus;
import org.apache.oozie.client.event.SLAEvent.SLAStatus;
import org.apache.oozie.client.rest.RestConstants;
import org.apache.oozie.executor.jpa.WorkflowActionQueryExecutor;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.sla.SLARegistrationBean;
import org.apache.oozie.sla.SLASummaryBean;
import org.apache.oozie.sla.service.SLAService;
import org.apache.oozie.util.Pair;

/** What is promised of SLAs, on one server and on rows as other servers leave them. */
public final class SlaTest extends SlaTestCase {

    public void test_a_miss_of_what_another_server_registered_is_recorded_and_told_once() throws Exception {
        bootSla(PACK);
        slas().runSLAWorker();
        String id = missedElsewhere();
        checkAndDeliver();
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
        assertEquals(7, summary(id).getEventProcessed());
        assertEquals(SLAStatus.MISS, summary(id).getSLAStatus());
    }

    public void test_the_sla_of_a_workflow_action_is_recorded_while_nobody_works_on_its_workflow() throws Exception {
        bootSla(PACK);
        WorkflowActionBean action = new WorkflowActionBean();
        action.setJobId(workflow(WorkflowJob.Status.PREP, null, null));
        action.setId(action.getWfId() + "@action");
        action.setName("action");
        action.setType("fs");
        action.setStatus(WorkflowAction.Status.PREP);
        WorkflowActionQueryExecutor.getInstance().insert(action);
        SLARegistrationBean registration = registration(action.getId(), null, ago(HOUR_MS));
        registration.setAppType(AppType.WORKFLOW_ACTION);
        registerElsewhere(registration, new Date(), 0);
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(action.getId()));
    }

    public void test_a_row_committed_long_after_its_time_stamp_is_found_without_a_sweep() throws Exception {
        bootSla(PACK);
        slas().runSLAWorker();
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        registerElsewhere(registration(id, null, ago(HOUR_MS)), ago(120_000), 0);
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
    }

    public void test_alerts_that_another_server_disabled_and_enabled_are_told_or_not() throws Exception {
        bootSla(PACK);
        String disabled = workflow(WorkflowJob.Status.PREP, null, null);
        String enabled = workflow(WorkflowJob.Status.PREP, null, null);
        for (String id : Arrays.asList(disabled, enabled)) {
            slas().addRegistrationEvent(registration(id, null, in(HOUR_MS)));
        }
        slas().disableAlert(Arrays.asList(disabled, enabled));
        checkAndDeliver();
        // what another server's enableAlert writes
        String config = (String) query("select sla_config from SLA_REGISTRATION where job_id = ?", enabled)
                .get(0);
        assertTrue(config, config.contains("disable"));
        update(
                "update SLA_REGISTRATION set sla_config = ? where job_id = ?",
                "{alert_contact=a@example.com},",
                enabled);
        for (String id : Arrays.asList(disabled, enabled)) {
            update(
                    "update SLA_SUMMARY set expected_end = ?, last_modified = ? where job_id = ?",
                    new java.sql.Timestamp(ago(HOUR_MS).getTime()),
                    new java.sql.Timestamp(System.currentTimeMillis()),
                    id);
        }
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(enabled));
        assertEquals(nothing(), heardOf(disabled));
        assertEquals(7, summary(disabled).getEventProcessed());
    }

    public void test_alerts_can_be_disabled_and_enabled_again() throws Exception {
        bootSla(PACK);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        slas().addRegistrationEvent(registration(id, null, ago(HOUR_MS)));
        assertTrue(slas().disableAlert(Collections.singletonList(id)));
        assertTrue(slas().enableAlert(Collections.singletonList(id)));
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
        try {
            slas().enableAlert(Collections.singletonList("no-such-job-W"));
            fail("enabled");
        } catch (ServiceException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("E0604"));
        }
    }

    public void test_a_changed_definition_holds_at_the_next_check() throws Exception {
        bootSla(PACK);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        SLARegistrationBean registration = registration(id, null, in(HOUR_MS));
        registration.setNominalTime(ago(2 * HOUR_MS));
        slas().addRegistrationEvent(registration);
        checkAndDeliver();
        assertEquals(nothing(), heardOf(id));
        Map<String, String> change = new HashMap<>();
        change.put(RestConstants.SLA_SHOULD_END, "60");
        assertTrue(slas().changeDefinition(Collections.singletonList(Pair.of(id, change))));
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
    }

    public void test_a_registration_is_stored_and_followed_though_the_cache_is_full() throws Exception {
        bootSla(PACK, SLAService.CONF_CAPACITY, "1");
        String first = workflow(WorkflowJob.Status.PREP, null, null);
        String second = workflow(WorkflowJob.Status.PREP, null, null);
        assertTrue(slas().addRegistrationEvent(registration(first, null, ago(HOUR_MS))));
        assertTrue(slas().addRegistrationEvent(registration(second, null, ago(2 * HOUR_MS))));
        assertNotNull(summary(second));
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(first));
        assertEquals(Collections.singletonList("END_MISS"), heardOf(second));
        assertTrue(
                "cached: " + slas().getSLACalculator().size(),
                slas().getSLACalculator().size() <= 1);
    }

    public void test_an_alert_recorded_but_not_told_when_its_server_died_is_told_once_by_another() throws Exception {
        bootSla(PACK);
        String id = missedElsewhere();
        slas().runSLAWorker();
        assertEquals(7, summary(id).getEventProcessed());
        events().getEventQueue().clear();
        bootAgain(PACK);
        checkAndDeliver();
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
        assertEquals(
                0,
                query("select event_key from OOZIE_HA_ALERT where delivered = 0")
                        .size());
    }

    /** The queue is Oozie's own, and its content gone: as if the server was. */
    private static void bootAgain(List<String> services) throws Exception {
        org.apache.oozie.service.Services.get().destroy();
        bootSla(services);
    }

    public void test_an_event_is_recorded_once_however_many_check_at_the_same_time() throws Exception {
        bootSla(PACK);
        String id = missedElsewhere();
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch go = new CountDownLatch(1);
        Future<?>[] calls = new Future<?>[threads];
        for (int i = 0; i < threads; i++) {
            calls[i] = pool.submit(() -> {
                go.await(10, TimeUnit.SECONDS);
                return slas().addStatusEvent(id, "RUNNING", EventStatus.STARTED, null, null);
            });
        }
        go.countDown();
        for (Future<?> call : calls) {
            call.get(60, TimeUnit.SECONDS);
        }
        pool.shutdownNow();
        deliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
    }

    public void test_an_sla_of_weeks_whose_row_nobody_touched_is_followed_after_a_restart() throws Exception {
        bootSla(PACK, SLAService.CONF_EVENTS_MODIFIED_AFTER, "30");
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        registerElsewhere(registration(id, null, ago(HOUR_MS)), ago(40 * 24 * HOUR_MS), 0);
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
    }

    public void test_a_job_that_ends_after_all_its_events_gets_its_end_though_nobody_told_of_it() throws Exception {
        bootSla(PACK);
        String id = missedElsewhere();
        checkAndDeliver();
        Date start = ago(1_800_000);
        Date end = ago(900_000);
        change(id, WorkflowJob.Status.SUCCEEDED, start, end);
        slas().getSLACalculator().clear();
        checkAndDeliver();
        SLASummaryBean summary = summary(id);
        assertEquals(8, summary.getEventProcessed());
        assertEquals("SUCCEEDED", summary.getJobStatus());
        assertEquals(end, summary.getActualEnd());
        assertEquals(900_000, summary.getActualDuration());
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
    }

    public void test_events_whose_news_were_lost_with_a_server_are_recorded() throws Exception {
        bootSla(PACK);
        String id = workflow(WorkflowJob.Status.SUCCEEDED, ago(1_800_000), ago(900_000));
        SLARegistrationBean registration = registration(id, in(HOUR_MS), in(2 * HOUR_MS));
        registration.setExpectedDuration(600_000);
        registerElsewhere(registration, new Date(), 0);
        checkAndDeliver();
        assertEquals(Arrays.asList("START_MET", "DURATION_MISS", "END_MET"), heardOf(id));
        assertEquals(8, summary(id).getEventProcessed());
    }

    public void test_a_broken_row_stops_no_other() throws Exception {
        bootSla(PACK);
        String broken = missedElsewhere();
        update("update SLA_SUMMARY set event_status = ? where job_id = ?", "NO_SUCH_EVENT", broken);
        String withoutAlert = missedElsewhere();
        update("update SLA_SUMMARY set app_type = ? where job_id = ?", "NO_SUCH_TYPE", withoutAlert);
        String gone = "0000001-000000000000000-oozie-test-W";
        registerElsewhere(registration(gone, null, ago(HOUR_MS)), new Date(), 0);
        String good = missedElsewhere();
        try (CapturedLog retries = new CapturedLog("org.apache.oozie.util.db.OperationRetryHandler")) {
            checkAndDeliver();
            assertTrue("Oozie repeats nothing", retries.lines().stream().allMatch(line -> line.startsWith("TRACE")));
        }
        assertEquals(Collections.singletonList("END_MISS"), heardOf(good));
        assertEquals("rolled back with the alert", 0, processed(withoutAlert));
        for (String id : Arrays.asList(broken, withoutAlert, gone)) {
            update("delete from SLA_SUMMARY where job_id = ?", id);
            update("delete from SLA_REGISTRATION where job_id = ?", id);
        }
    }

    public void test_a_check_takes_as_many_statements_for_five_hundred_slas_as_for_fifty() throws Exception {
        Statements.listen();
        try {
            bootSla(PACK);
            int ofFifty = statementsOfACheck(50);
            assertTrue("statements: " + ofFifty, ofFifty > 0);
            assertEquals(ofFifty, statementsOfACheck(450));
            int ofAnyKind = Statements.with("");
            assertTrue("statements of any kind, of Oozie's other services too: " + ofAnyKind, ofAnyKind < 20);
        } finally {
            Statements.stopListening();
            deleteSlas();
        }
    }

    public void test_checks_without_the_database_are_errors_in_the_log_and_cost_no_sla() throws Exception {
        bootSla(PACK, FEW_RETRIES);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        slas().addRegistrationEvent(registration(id, null, ago(HOUR_MS)));
        try (CapturedLog log = new CapturedLog("org.apache.oozie.ha.sla")) {
            checkWithoutDatabase();
            assertTrue(
                    log.lines().toString(),
                    log.lines().contains("ERROR SLAs could not be checked; the next check does it"));
        }
        checkAndDeliver();
        assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
    }

    public void test_an_alert_brings_all_it_was_registered_with() throws Exception {
        bootSla(PACK);
        String id = missedElsewhere();
        slas().runSLAWorker();
        org.apache.oozie.sla.SLACalcStatus event =
                (org.apache.oozie.sla.SLACalcStatus) events().getEventQueue().peek();
        assertEquals(id, event.getId());
        assertEquals("\ud83d\ude00 \u00e4 'quoted' \"line\"\nnext", event.getNotificationMsg());
        assertEquals("a@example.com", event.getAlertContact());
        assertEquals("PREP", event.getJobStatus());
        String payload = (String) query("select payload from OOZIE_HA_ALERT where event_key like ?", id + "#%")
                .get(0);
        assertTrue(payload, payload.chars().allMatch(c -> c >= ' ' && c <= '~'));
        deliver();
    }

    public void test_where_the_table_of_alerts_cannot_be_made_the_server_starts_and_says_once_what_can_be_lost()
            throws Exception {
        bootSla(PACK).destroy();
        List<String> listening = new ArrayList<>(PACK);
        listening.add(listening.size() - 1, BadAlertTable.class.getName());
        bootSla(listening);
        try {
            String id = missedElsewhere();
            checkAndDeliver();
            checkAndDeliver();
            assertEquals(Collections.singletonList("END_MISS"), heardOf(id));
            assertEquals(7, summary(id).getEventProcessed());
            List<String> warnings = BadAlertTable.log.lines();
            warnings.removeIf(line -> !line.startsWith("WARN ") && !line.startsWith("ERROR "));
            assertEquals(warnings.toString(), 1, warnings.size());
            assertTrue(warnings.get(0), warnings.get(0).contains("will be lost with it"));
            assertTrue(warnings.get(0), warnings.get(0).contains("create table OOZIE_HA_ALERT"));
        } finally {
            BadAlertTable.log.close();
            update("drop table OOZIE_HA_ALERT");
        }
    }

    /** In front of the service of SLAs: its table is somebody else's, and its log is listened to. */
    public static final class BadAlertTable implements Service {
        private static CapturedLog log;

        @Override
        public void init(Services services) {
            update("drop table OOZIE_HA_ALERT");
            update("create table OOZIE_HA_ALERT (somebody_elses integer)");
            log = new CapturedLog("org.apache.oozie.ha.sla");
        }

        @Override
        public void destroy() {}

        @Override
        public Class<? extends Service> getInterface() {
            return BadAlertTable.class;
        }
    }

    public void test_a_thread_counts_as_with_the_listeners_while_oozies_worker_tells_them() throws Exception {
        Method isAtWork = Class.forName("org.oozieha.sla.Outlet").getDeclaredMethod("isAtWork", Thread.class);
        isAtWork.setAccessible(true);
        List<Object> seen = new ArrayList<>();
        Ear.first = () -> {
            try {
                seen.add(isAtWork.invoke(null, Thread.currentThread()));
            } catch (ReflectiveOperationException e) {
                seen.add(e);
            }
        };
        try {
            bootSla(PACK);
            missedElsewhere();
            checkAndDeliver();
        } finally {
            Ear.first = () -> {};
        }
        assertEquals(Collections.singletonList(true), seen);
        assertEquals(false, isAtWork.invoke(null, Thread.currentThread()));
        assertEquals("one that has ended", false, isAtWork.invoke(null, new Thread()));
    }

    public void test_alerts_delivered_days_ago_are_deleted_in_portions_and_no_others() throws Exception {
        Services services = bootSla(PACK);
        String id = missedElsewhere();
        checkAndDeliver();
        long now = System.currentTimeMillis();
        for (int i = 0; i < 1_201; i++) {
            deliveredElsewhere("old-" + i, now - 25 * HOUR_MS - i);
        }
        deliveredElsewhere("recent", now - 23 * HOUR_MS);
        services.destroy();
        Statements.listen();
        try {
            bootSla(PACK);
            eventually("deleted", 0, () -> {
                slas().runSLAWorker();
                return query("select event_key from OOZIE_HA_ALERT where event_key like 'old-%'")
                        .size();
            });
            assertEquals("portions of at most 500", 3, Statements.with("delete from oozie_ha_alert"));
        } finally {
            Statements.stopListening();
        }
        assertEquals(
                1,
                query("select event_key from OOZIE_HA_ALERT where event_key = 'recent'")
                        .size());
        assertEquals(
                1,
                query("select event_key from OOZIE_HA_ALERT where event_key like ?", id + "#%")
                        .size());
        update("delete from OOZIE_HA_ALERT");
    }

    private static void deliveredElsewhere(String key, long at) {
        update(
                "insert into OOZIE_HA_ALERT (event_key, server, payload, created, delivered) values (?, ?, ?, ?, ?)",
                key,
                "elsewhere#1",
                "{}",
                at,
                at);
    }

    public void test_stopping_leaves_nothing_behind() throws Exception {
        bootSla(PACK).destroy();
        assertNothingIsLeft();
    }

    public void test_without_the_event_service_the_server_does_not_start_and_leaves_nothing_behind() throws Exception {
        try {
            bootSla(Arrays.asList(LOCKS, "org.oozieha.sla.HASLAService"));
            fail("started");
        } catch (ServiceException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("EventHandlerService"));
        }
        assertNothingIsLeft();
    }
}
