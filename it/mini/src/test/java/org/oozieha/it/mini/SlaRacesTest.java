package org.oozieha.it.mini;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.client.WorkflowJob;
import org.apache.oozie.client.event.JobEvent.EventStatus;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.oozieha.service.FencedJPAService;

/** What becomes of an event when its transaction is overtaken by another server's, is rolled back, or may not commit. */
public final class SlaRacesTest extends SlaTestCase {
    private static final String WRITES_EVENT = "update sla_summary";
    private static final String WRITES_ALERT = "insert into oozie_ha_alert";
    private static final List<String> END_MISS = Collections.singletonList("END_MISS");
    private static final String[] SHORT_LEASE = {"oozie.ha.session.timeout.ms", "6000", "oozie.ha.fence.wait.ms", "1000"
    };

    private final List<Set<String>> vetoes = new CopyOnWriteArrayList<>();
    private boolean frozen;
    private int touches;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        Interference.listen();
    }

    @Override
    protected void tearDown() throws Exception {
        Interference.stopListening();
        if (frozen) {
            thaw();
        }
        super.tearDown();
    }

    public void test_what_another_server_recorded_since_the_row_was_read_is_told_there_and_the_rest_here()
            throws Exception {
        String id = bootWithMiss(ago(2 * HOUR_MS));
        Interference.before(WRITES_EVENT, 1, event -> recordElsewhere(id, 1, "START_MISS"));
        checkAndDeliver();
        assertTrue("overtaken", Interference.isOver());
        checkAndDeliver();
        assertEquals(END_MISS, heardOf(id));
        assertEquals(7, processed(id));
        assertEquals(1, alerts(id, "START_MISS"));
        assertEquals(1, alerts(id, "END_MISS"));
    }

    public void test_whoever_is_overtaken_again_and_again_tells_nothing_and_records_it_at_the_next_check()
            throws Exception {
        String id = bootWithMiss(null);
        Interference.before(WRITES_EVENT, 3, event -> touchElsewhere(id));
        checkAndDeliver();
        assertTrue("overtaken three times", Interference.isOver());
        assertNotRecorded(id);
        assertRecordedOnceByChecks(id);
    }

    public void test_what_another_server_records_while_its_lock_is_waited_for_is_not_recorded_again() throws Exception {
        bootSla(PACK);
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        LockToken elsewhere = Services.get().get(MemoryLocksService.class).getWriteLock("sla_" + id, 5_000);
        registerElsewhere(registration(id, null, ago(HOUR_MS)), new Date(), 0);
        ExecutorService teller = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> told = teller.submit(() -> tell(id));
            eventually("it waits for the lock", true, SlaRacesTest::isLockWaitedFor);
            recordElsewhere(id, 7, "END_MISS");
            elsewhere.release();
            assertTrue(told.get(60, TimeUnit.SECONDS));
        } finally {
            teller.shutdownNow();
        }
        checkAndDeliver();
        assertEquals(nothing(), heardOf(id));
        assertEquals(1, alerts(id, ""));
    }

    private static boolean isLockWaitedFor() {
        return Thread.getAllStackTraces().values().stream()
                .anyMatch(stack -> has(stack, "org.oozieha.sla.HASLACalculator", "addJobStatus")
                        && has(stack, "org.oozieha.service.ZKLocksService", "getWriteLock"));
    }

    private static boolean has(StackTraceElement[] stack, String type, String method) {
        return Arrays.stream(stack)
                .anyMatch(frame -> frame.getClassName().equals(type)
                        && frame.getMethodName().equals(method));
    }

    public void test_an_event_whose_alert_cannot_be_written_is_not_recorded_and_told_once_both_can_be()
            throws Exception {
        String id = bootWithMiss(null, FEW_RETRIES);
        update("alter table OOZIE_HA_ALERT rename to ALERTS_AWAY");
        try {
            checkAndDeliver();
        } finally {
            update("alter table ALERTS_AWAY rename to OOZIE_HA_ALERT");
        }
        assertNotRecorded(id);
        // checks wait a while before they try again, news of the job do not
        assertTrue(tell(id));
        deliver();
        assertRecordedOnceByChecks(id);
    }

    public void test_an_event_whose_commit_fails_is_told_by_nobody_and_recorded_by_the_next_check() throws Exception {
        String id = bootWithMiss(null, FEW_RETRIES);
        Interference.loseConnectionOf(WRITES_ALERT);
        assertTellingFails(id, "E0603");
        deliver();
        assertTrue("both were written", Interference.isOver());
        assertNotRecorded(id);
        assertRecordedOnceByChecks(id);
    }

    public void test_an_event_that_oozie_tries_to_write_again_is_recorded_with_its_alert_and_told_once()
            throws Exception {
        String id = bootWithMiss(
                null,
                "oozie.service.JPAService.retry.max-retries",
                "3",
                "oozie.service.JPAService.retry.initial-wait-time.ms",
                "1");
        // the event is written then, but not committed
        Interference.before(WRITES_ALERT, 1, event -> event.getStatement().close());
        assertTrue(tell(id));
        assertTrue("a statement failed", Interference.isOver());
        deliver();
        assertEquals(END_MISS, heardOf(id));
        assertRecordedOnceByChecks(id);
    }

    public void test_an_event_whose_commit_the_fence_vetoes_is_told_by_nobody_until_the_lease_is_back()
            throws Exception {
        String id = bootWithMiss(null, SHORT_LEASE);
        Interference.before(WRITES_EVENT, 1, event -> freeze());
        checkWhileVetoed(id);
        checkAndDeliver();
        assertNotRecorded(id);
        thaw();
        eventually("told", END_MISS, () -> {
            checkAndDeliver();
            return heardOf(id);
        });
        assertRecordedOnceByChecks(id);
    }

    public void test_an_event_vetoed_here_and_recorded_by_another_server_meanwhile_is_not_told_here() throws Exception {
        String id = bootWithMiss(null, SHORT_LEASE);
        Interference.before(WRITES_EVENT, 1, event -> freeze());
        checkWhileVetoed(id);
        recordElsewhere(id, 7, "END_MISS");
        thaw();
        eventually("the lease is valid again", true, () -> lease().isValid());
        checkAndDeliver();
        checkAndDeliver();
        assertEquals(nothing(), heardOf(id));
        assertEquals(1, alerts(id, ""));
    }

    private void checkWhileVetoed(String id) throws Exception {
        try (CapturedLog log = new CapturedLog("org.apache.oozie.ha.sla")) {
            checkAndDeliver();
            assertTrue(
                    log.lines().toString(),
                    log.lines().stream()
                            .anyMatch(line ->
                                    line.startsWith("ERROR An SLA could not be checked and is tried again: sla=" + id)
                                            && line.contains("may not commit")));
        }
        assertTrue(vetoes.toString(), vetoes.contains(Collections.singleton("sla_" + id)));
        assertNotRecorded(id);
    }

    public void test_news_of_a_job_whose_event_the_fence_vetoes_are_an_error_and_are_told_once_in_the_next_session()
            throws Exception {
        String id = bootWithMiss(null);
        Interference.before(WRITES_EVENT, 1, event -> endIncarnation());
        assertTellingFails(id, "may not commit");
        assertTrue(vetoes.toString(), vetoes.contains(Collections.singleton("sla_" + id)));
        eventually("told", END_MISS, () -> {
            checkAndDeliver();
            return heardOf(id);
        });
        assertRecordedOnceByChecks(id);
    }

    /** A server that knows of an SLA which was missed an hour ago, and was to start then if that is not null. */
    private String bootWithMiss(Date start, String... more) throws Exception {
        Services services = bootSla(PACK, more);
        ((FencedJPAService) services.get(JPAService.class)).onVeto(vetoes::add);
        slas().runSLAWorker();
        String id = workflow(WorkflowJob.Status.PREP, null, null);
        registerElsewhere(registration(id, start, ago(HOUR_MS)), new Date(), 0);
        return id;
    }

    private static boolean tell(String id) throws ServiceException {
        return slas().addStatusEvent(id, "PREP", EventStatus.WAITING, null, null);
    }

    private static void assertTellingFails(String id, String why) {
        try {
            tell(id);
            fail("recorded");
        } catch (ServiceException failed) {
            assertTrue(failed.getMessage(), failed.getMessage().contains(why));
        }
    }

    private static void assertNotRecorded(String id) throws Exception {
        assertEquals(nothing(), heardOf(id));
        assertEquals(0, processed(id));
        assertEquals(0, alerts(id, ""));
    }

    private static void assertRecordedOnceByChecks(String id) throws Exception {
        checkAndDeliver();
        checkAndDeliver();
        assertEquals(END_MISS, heardOf(id));
        assertEquals(7, processed(id));
        assertEquals(1, alerts(id, ""));
    }

    /** How many alerts there are, told or not; of any event if that is empty. */
    private static int alerts(String id, String event) {
        return query("select event_key from OOZIE_HA_ALERT where event_key like ?", id + "#" + event + "%")
                .size();
    }

    private void freeze() throws Exception {
        frozen = true;
        zookeeper().freeze();
        eventually("the lease lapses", false, () -> lease().isValid());
    }

    private void thaw() throws Exception {
        zookeeper().thaw();
        frozen = false;
    }

    /** As another server does, which has told its listeners already. */
    private static void recordElsewhere(String id, int processed, String event) throws SQLException {
        long now = System.currentTimeMillis();
        elsewhere(
                "update SLA_SUMMARY set event_processed = ?, event_status = ?, sla_status = 'MISS', last_modified = ?"
                        + " where job_id = ?",
                processed,
                event,
                new Timestamp(now),
                id);
        elsewhere(
                "insert into OOZIE_HA_ALERT (event_key, server, payload, created, delivered) values (?, ?, ?, ?, ?)",
                id + "#" + event + "#elsewhere",
                "elsewhere#1",
                "{}",
                now,
                now);
    }

    /** As if another server had written something else of it. */
    private void touchElsewhere(String id) throws SQLException {
        touches++;
        elsewhere(
                "update SLA_SUMMARY set last_modified = ? where job_id = ?",
                new Timestamp(System.currentTimeMillis() + touches * 1_000L),
                id);
    }

    /** On a connection of another server, which no fence of this one knows. */
    private static void elsewhere(String sql, Object... parameters) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        database(JPAService.CONF_URL),
                        database(JPAService.CONF_USERNAME),
                        database(JPAService.CONF_PASSWORD));
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            assertEquals(1, statement.executeUpdate());
        }
    }

    private static String database(String key) {
        return Services.get().getConf().get(key).trim();
    }
}
