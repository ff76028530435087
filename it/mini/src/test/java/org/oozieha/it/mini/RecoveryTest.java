package org.oozieha.it.mini;

import static org.junit.Assert.assertThrows;

import java.io.File;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.persistence.EntityManager;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.DagEngine;
import org.apache.oozie.DagEngineException;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.client.OozieClient.SYSTEM_MODE;
import org.apache.oozie.command.XCommand;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.lock.LockToken;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.DagEngineService;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.XConfiguration;

/**
 * What this server finds in flight when it becomes ACTIVE, with stock's own recovery at its default intervals of minutes. In safe mode
 * Oozie drops each command it would queue, as the death of its server does.
 */
public final class RecoveryTest extends HaServicesTestCase {
    private static final String RECOVERY = "org.oozieha.service.HARecoveryService";
    private static final String ENGINE = "org.oozieha.service.HADagEngineService";
    private static final long MONTH_MS = 30L * 24 * 60 * 60 * 1000;

    private Services services;

    public void test_a_job_whose_commands_were_lost_goes_on() throws Exception {
        bootWithRecovery();
        loseCommands();
        String job = engine().submitJob(app("<start to='end'/><end name='end'/>"), true);
        assertEquals("RUNNING", statusOf(job));
        assertEquals("PREP", endActionOf(job));
        goOn();
        eventually("status", "SUCCEEDED", () -> statusOf(job));
    }

    public void test_a_start_that_was_acknowledged_is_carried_out_and_no_other() throws Exception {
        bootWithRecovery(XCommand.DEFAULT_LOCK_TIMEOUT, "100");
        DagEngine engine = engine();
        String started = engine.submitJob(app("<start to='end'/><end name='end'/>"), false);
        XConfiguration inherited = app("<start to='end'/><end name='end'/>");
        inherited.set("oozie.ha.start", "true");
        String notStarted = engine.submitJob(inherited, false);
        loseCommands();
        whileLocked(started, () -> engine.start(started));
        assertEquals("PREP", statusOf(started));
        goOn();
        eventually("status", "SUCCEEDED", () -> statusOf(started));
        assertEquals("PREP", statusOf(notStarted));
    }

    public void test_a_kill_that_did_not_get_the_lock_is_not_acknowledged() throws Exception {
        bootWithRecovery(XCommand.DEFAULT_LOCK_TIMEOUT, "100");
        DagEngine engine = engine();
        String job = engine.submitJob(app("<start to='end'/><end name='end'/>"), false);
        loseCommands();
        whileLocked(job, () -> {
            try {
                engine.kill(job);
                fail("acknowledged");
            } catch (DagEngineException refused) {
                assertEquals(ErrorCode.E0606, refused.getErrorCode());
            }
        });
        engine.kill(job);
        assertEquals("KILLED", statusOf(job));
    }

    public void test_a_coordinator_action_gets_one_workflow_for_each_time_it_is_submitted() throws Exception {
        bootWithRecovery();
        String action = "0000001-260101000000000-oozie-test-C@1";
        submitted(
                "insert into COORD_ACTIONS (status, last_modified_time, id) values ('SUBMITTED', ?, ?)",
                System.currentTimeMillis(),
                action);
        String first = engine().submitJobFromCoordinator(app("<start to='end'/><end name='end'/>"), action);
        assertEquals(first, engine().submitJobFromCoordinator(app("<start to='end'/><end name='end'/>"), action));
        submitted(
                "update COORD_ACTIONS set last_modified_time = ? where id = ?",
                System.currentTimeMillis() + 60_000,
                action);
        String rerun = engine().submitJobFromCoordinator(app("<start to='end'/><end name='end'/>"), action);
        assertFalse(first.equals(rerun));
    }

    private void submitted(String sql, long at, String action) throws Exception {
        try (Connection database = open();
                PreparedStatement change = database.prepareStatement(sql)) {
            change.setTimestamp(1, new Timestamp(at));
            change.setString(2, action);
            assertEquals(1, change.executeUpdate());
        }
    }

    public void test_actions_of_each_status_go_on_however_old_they_are() throws Exception {
        bootWithRecovery();
        loseCommands();
        List<String> jobs = new ArrayList<>();
        for (String status : new String[] {
            "PREP", "START_MANUAL", "START_RETRY", "USER_RETRY", "DONE", "END_MANUAL", "END_RETRY", "OK"
        }) {
            String job = engine().submitJob(app("<start to='end'/><end name='end'/>"), true);
            setEndAction(job, status, System.currentTimeMillis() - MONTH_MS);
            jobs.add(job);
        }
        goOn();
        for (String job : jobs) {
            eventually("status of " + job, "SUCCEEDED", () -> statusOf(job));
        }
    }

    public void test_a_retry_waits_for_its_time() throws Exception {
        bootWithRecovery();
        loseCommands();
        String later = engine().submitJob(app("<start to='end'/><end name='end'/>"), true);
        setEndAction(later, "START_RETRY", System.currentTimeMillis() + MONTH_MS);
        String userRetry = engine().submitJob(app("<start to='end'/><end name='end'/>"), true);
        setEndAction(userRetry, "USER_RETRY", System.currentTimeMillis());
        update("update WF_ACTIONS set user_retry_interval = 10 where name = 'end' and wf_id = ?", userRetry);
        String soon = engine().submitJob(app("<start to='end'/><end name='end'/>"), true);
        setEndAction(soon, "START_RETRY", System.currentTimeMillis() + 5_000);
        goOn();
        eventually("status", "SUCCEEDED", () -> statusOf(soon));
        assertEquals("START_RETRY", endActionOf(later));
        assertEquals("USER_RETRY", endActionOf(userRetry));
    }

    public void test_what_was_given_up_at_an_error_of_the_database_goes_on_when_the_errors_have_stopped()
            throws Exception {
        bootWithRecovery("oozie.service.JPAService.retry.max-retries", "1");
        loseCommands();
        String job = engine().submitJob(app("<start to='end'/><end name='end'/>"), true);
        update("update WF_ACTIONS set pending = 0 where name = 'end' and wf_id = ?", job);
        String asSoonAsActive = engine().submitJob(app("<start to='end'/><end name='end'/>"), true);
        goOn();
        eventually("status", "SUCCEEDED", () -> statusOf(asSoonAsActive));
        setEndAction(job, "PREP", System.currentTimeMillis());
        JPAService database = services.get(JPAService.class);
        EntityManager entities = database.getEntityManager();
        JPAExecutorException failed = assertThrows(
                JPAExecutorException.class,
                () -> database.executeGetList("broken", entities.createNativeQuery("select no_such_column"), entities));
        assertEquals(ErrorCode.E0603, failed.getErrorCode());
        eventually("status", "SUCCEEDED", () -> statusOf(job));
    }

    public void test_a_running_action_whose_end_nobody_told_is_checked() throws Exception {
        bootWithRecovery();
        XConfiguration child = app("<start to='end'/><end name='end'/>");
        String parent = engine().submitJob(
                        app("<start to='child'/><action name='child'><sub-workflow><app-path>"
                                + child.get(OozieClient.APP_PATH)
                                + "</app-path></sub-workflow><ok to='end'/><error to='failed'/></action>"
                                + "<kill name='failed'><message>failed</message></kill><end name='end'/>"),
                        true);
        // the child's end is told by HTTP, and no HTTP server runs here
        eventually("child", 1, () -> children(parent, "SUCCEEDED"));
        assertEquals("RUNNING", statusOf(parent));
        update("update WF_ACTIONS set last_check_time = null where wf_id = ? and status = 'RUNNING'", parent);
        loseCommands();
        goOn();
        eventually("status", "SUCCEEDED", () -> statusOf(parent));
    }

    public void test_the_requeue_delay_is_lowered_unless_the_operator_set_it() throws Exception {
        bootWithRecovery();
        assertEquals(2_000, ConfigurationService.getLong(XCommand.DEFAULT_REQUEUE_DELAY));
        services.destroy();
        bootWithRecovery(XCommand.DEFAULT_REQUEUE_DELAY, "7000");
        assertEquals(7_000, ConfigurationService.getLong(XCommand.DEFAULT_REQUEUE_DELAY));
    }

    private void bootWithRecovery(String... keysAndValues) throws Exception {
        List<String> classes = new ArrayList<>(ALL);
        classes.add(RECOVERY);
        classes.add(ENGINE);
        List<String> settings = new ArrayList<>();
        Collections.addAll(settings, "oozie.service.HadoopAccessorService.supported.filesystems", "*");
        Collections.addAll(settings, keysAndValues);
        services = boot(classes, settings.toArray(new String[0]));
    }

    private DagEngine engine() {
        return services.get(DagEngineService.class).getDagEngine(getTestUser());
    }

    private void loseCommands() {
        services.setSystemMode(SYSTEM_MODE.SAFEMODE);
        org.oozieha.service.HaNode node = services.get(org.oozieha.service.HaNode.class);
        try {
            eventually("safe mode", "[SAFEMODE]", () -> node.cluster().members().all().stream()
                    .map(member -> member.state().name())
                    .collect(java.util.stream.Collectors.toList())
                    .toString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The server becomes ACTIVE again. */
    private void goOn() {
        services.setSystemMode(SYSTEM_MODE.NORMAL);
    }

    private XConfiguration app(String nodes) throws Exception {
        File dir = Files.createTempDirectory(new File(getTestCaseDir()).toPath(), "app")
                .toFile();
        File xml = new File(dir, "workflow.xml");
        try (Writer writer = Files.newBufferedWriter(xml.toPath(), StandardCharsets.UTF_8)) {
            writer.write("<workflow-app xmlns='uri:oozie:workflow:0.5' name='recovery'>" + nodes + "</workflow-app>");
        }
        XConfiguration conf = new XConfiguration();
        conf.set(OozieClient.APP_PATH, xml.toURI().toString().replace("file:/", "file:///"));
        conf.set(OozieClient.USER_NAME, getTestUser());
        return conf;
    }

    private interface Order {
        void give() throws Exception;
    }

    private void whileLocked(String job, Order order) throws Exception {
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            try {
                LockToken lock = services.get(MemoryLocksService.class).getWriteLock(job, 5_000);
                locked.countDown();
                done.await();
                lock.release();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        holder.start();
        locked.await();
        try {
            order.give();
        } finally {
            done.countDown();
            holder.join(10_000);
        }
    }

    private void setEndAction(String job, String status, long ageMs) throws Exception {
        try (Connection database = open();
                PreparedStatement update = database.prepareStatement(
                        "update WF_ACTIONS set status = ?, pending = 1, pending_age = ?, created_time = ?, signal_value = 'OK',"
                                + " external_status = 'OK', user_retry_interval = 0 where name = 'end' and wf_id = ?")) {
            update.setString(1, status);
            update.setTimestamp(2, new Timestamp(ageMs));
            update.setTimestamp(3, new Timestamp(System.currentTimeMillis() - MONTH_MS));
            update.setString(4, job);
            assertEquals(1, update.executeUpdate());
        }
    }

    private String statusOf(String job) throws Exception {
        return first("select status from WF_JOBS where id = ?", job);
    }

    private String endActionOf(String job) throws Exception {
        return first("select status from WF_ACTIONS where name = 'end' and wf_id = ?", job);
    }

    private int children(String parent, String status) throws Exception {
        return Integer.parseInt(
                first("select count(*) from WF_JOBS where status = '" + status + "' and parent_id = ?", parent));
    }

    private String first(String sql, String id) throws Exception {
        try (Connection database = open();
                PreparedStatement select = database.prepareStatement(sql)) {
            select.setString(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    private void update(String sql, String id) throws Exception {
        try (Connection database = open();
                PreparedStatement update = database.prepareStatement(sql)) {
            update.setString(1, id);
            assertTrue(update.executeUpdate() > 0);
        }
    }

    private Connection open() throws Exception {
        Configuration conf = services.get(ConfigurationService.class).getConf();
        return DriverManager.getConnection(
                conf.get("oozie.service.JPAService.jdbc.url"),
                conf.get("oozie.service.JPAService.jdbc.username"),
                conf.get("oozie.service.JPAService.jdbc.password").trim());
    }
}
