package org.oozieha.it.mini;

import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import org.apache.oozie.client.WorkflowJob;
import org.apache.oozie.sla.SLACalcStatus;
import org.apache.oozie.sla.SLACalculatorMemory;
import org.apache.oozie.sla.SLARegistrationBean;
import org.apache.oozie.sla.SLAXCommandFactory;
import org.apache.oozie.sla.service.SLAService;

/** The same situations with stock Oozie's service: what the pack is for. Each test fails once stock has mended it. */
public final class StockSlaTest extends SlaTestCase {

    public void test_what_another_server_registered_is_followed_by_nobody_sla1() throws Exception {
        bootSla(STOCK);
        String id = missedElsewhere();
        checkAndDeliver();
        assertEquals(nothing(), heardOf(id));
        assertEquals(0, summary(id).getEventProcessed());
    }

    public void test_alerts_enabled_elsewhere_stay_disabled_sla2() throws Exception {
        bootSla(STOCK);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        slas().addRegistrationEvent(registration(id, null, ago(HOUR_MS)));
        slas().disableAlert(Collections.singletonList(id));
        update("update SLA_REGISTRATION set sla_config = ? where job_id = ?", "{alert_contact=a@example.com},", id);
        update(
                "update SLA_SUMMARY set last_modified = ? where job_id = ?",
                new java.sql.Timestamp(System.currentTimeMillis() + 1_000),
                id);
        checkAndDeliver();
        assertEquals(7, summary(id).getEventProcessed());
        assertEquals(nothing(), heardOf(id));
    }

    public void test_a_registration_beyond_the_capacity_is_lost_sla3() throws Exception {
        bootSla(STOCK, SLAService.CONF_CAPACITY, "1");
        for (String id : Arrays.asList(
                workflow(WorkflowJob.Status.PREP, null, null), workflow(WorkflowJob.Status.PREP, null, null))) {
            boolean registered = slas().addRegistrationEvent(registration(id, null, in(HOUR_MS)));
            assertEquals(registered, summary(id) != null);
            if (!registered) {
                return;
            }
        }
        fail("both were stored");
    }

    public void test_an_alert_in_the_queue_is_lost_with_its_server_sla4() throws Exception {
        bootSla(STOCK);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        slas().addRegistrationEvent(registration(id, null, ago(HOUR_MS)));
        slas().runSLAWorker();
        assertEquals(7, summary(id).getEventProcessed());
        org.apache.oozie.service.Services.get().destroy();
        bootSla(STOCK);
        checkAndDeliver();
        assertEquals(nothing(), heardOf(id));
    }

    public void test_who_read_the_row_before_it_was_locked_tells_it_again_sla5() throws Exception {
        bootSla(STOCK);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        SLARegistrationBean registration = registration(id, null, ago(HOUR_MS));
        slas().addRegistrationEvent(registration);
        SLACalcStatus readElsewhere = new SLACalcStatus(summary(id), registration);
        checkAndDeliver();
        SLAXCommandFactory.getSLAEventXCommand(readElsewhere).call();
        deliver();
        assertEquals(Arrays.asList("END_MISS", "END_MISS"), heardOf(id));
    }

    public void test_a_row_that_nobody_touched_for_long_is_not_loaded_at_start_sla6() throws Exception {
        bootSla(STOCK);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        registerElsewhere(registration(id, null, ago(HOUR_MS)), ago(40 * 24 * HOUR_MS), 0);
        org.apache.oozie.service.Services.get().destroy();
        // as many days overflow
        bootSla(STOCK, SLAService.CONF_EVENTS_MODIFIED_AFTER, "60");
        checkAndDeliver();
        assertEquals(nothing(), heardOf(id));
    }

    public void test_the_end_of_a_job_whose_events_another_server_told_is_recorded_by_nobody_sla7() throws Exception {
        bootSla(STOCK);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        registerElsewhere(registration(id, null, ago(HOUR_MS)), new Date(), 7);
        change(id, WorkflowJob.Status.SUCCEEDED, ago(1_800_000), new Date());
        checkAndDeliver();
        ((SLACalculatorMemory) slas().getSLACalculator()).new HistoryPurgeWorker().run();
        assertEquals(7, summary(id).getEventProcessed());
    }

    public void test_a_check_asks_the_database_for_each_sla_sla8() throws Exception {
        Statements.listen();
        try {
            bootSla(STOCK);
            int ofFifty = statementsOfACheck(50);
            assertTrue("statements: " + ofFifty, ofFifty >= 50);
            int ofFiveHundred = statementsOfACheck(450);
            assertTrue("statements: " + ofFiveHundred, ofFiveHundred >= 500);
        } finally {
            Statements.stopListening();
            deleteSlas();
        }
    }

    public void test_an_sla_is_forgotten_after_a_few_checks_without_the_database_sla9() throws Exception {
        bootSla(STOCK, FEW_RETRIES);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        slas().addRegistrationEvent(registration(id, null, ago(HOUR_MS)));
        checkWithoutDatabase();
        checkAndDeliver();
        assertEquals(nothing(), heardOf(id));
        assertEquals(0, summary(id).getEventProcessed());
    }
}
