package org.oozieha.service;

import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.oozie.command.XCommand;
import org.apache.oozie.command.wf.ActionCheckXCommand;
import org.apache.oozie.command.wf.ActionEndXCommand;
import org.apache.oozie.command.wf.ActionKillXCommand;
import org.apache.oozie.command.wf.ActionStartXCommand;
import org.apache.oozie.command.wf.SignalXCommand;
import org.apache.oozie.command.wf.StartXCommand;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.LiteWorkflowStoreService;
import org.oozieha.service.TableScan.Found;
import org.oozieha.takeover.Scan;

/**
 * Workflows in flight: actions between two commands, jobs to be started, actions whose end may have been told to a server that is gone.
 *
 * <p>Source: which command follows which state, from Oozie 5.2.1's RecoveryService; unlike there no action is too old or too young, and
 * actions that a killed job left to be killed are included.
 */
final class WorkflowScans {
    private static final long MINUTE_MS = 60_000;
    private static final long KILLED_WITHIN_MS = 24 * 60 * MINUTE_MS;
    private static final long BETWEEN_CHECKS_MS = 5_000;
    private static final Object[] NONE = {};

    private static final String ACTION = "select a.id, a.wfId, a.statusStr, a.type, a.pending, a.pendingAgeTimestamp,"
            + " a.userRetryInterval, a.userRetryCount, a.lastCheckTimestamp from WorkflowActionBean a";
    private static final String RUNNING_JOB =
            "a.wfId in (select w.id from WorkflowJobBean w where w.statusStr = 'RUNNING')";
    private static final int JOB = 1;
    private static final int STATUS = 2;
    private static final int TYPE = 3;
    private static final int AGE = 5;
    private static final int RETRY_MINUTES = 6;
    private static final int RETRIES = 7;
    private static final int CHECKED = 8;

    private final LongSupplier wallClock;

    WorkflowScans(LongSupplier wallClock) {
        this.wallClock = wallClock;
    }

    /** In the order of urgency. */
    List<Scan> all() {
        return Arrays.asList(pendingActions(), jobsToStart(), runningActions(), actionsToKill());
    }

    /** What stock's periodic scan never finds. */
    List<Scan> acknowledgedStarts() {
        return Collections.singletonList(jobsToStart());
    }

    private Scan pendingActions() {
        return new TableScan(
                "workflow actions between two commands",
                ACTION,
                "a.pending = 1 and a.statusStr in ('PREP', 'START_RETRY', 'START_MANUAL', 'DONE', 'END_RETRY', 'END_MANUAL',"
                        + " 'OK', 'ERROR', 'USER_RETRY') and " + RUNNING_JOB,
                "a.id",
                "a.wfId",
                () -> NONE,
                found -> new CommandPickup(found, () -> dueInMs(found), () -> next(found)));
    }

    private Scan jobsToStart() {
        return new TableScan(
                "workflows to be started",
                "select w.id, w.statusStr from WorkflowJobBean w",
                "w.statusStr = 'PREP'",
                "w.id",
                "w.id",
                () -> NONE,
                found -> new CommandPickup(
                        found, () -> StartMark.isOn(found.text(0)) ? new StartXCommand(found.text(0)) : null));
    }

    /** One that was checked just now is checked again a little later: its end may have been told to the dead server meanwhile. */
    private Scan runningActions() {
        return new TableScan(
                "running workflow actions",
                ACTION,
                "a.pending = 1 and a.statusStr = 'RUNNING' and " + RUNNING_JOB,
                "a.id",
                "a.wfId",
                () -> NONE,
                found -> new CommandPickup(
                        found,
                        () -> found.time(CHECKED, 0) + BETWEEN_CHECKS_MS - wallClock.getAsLong(),
                        () -> new ActionCheckXCommand(found.text(0))));
    }

    private Scan actionsToKill() {
        return new TableScan(
                "workflow actions to be killed",
                ACTION,
                "a.pending = 1 and a.statusStr = 'KILLED' and a.pendingAgeTimestamp > :since",
                "a.id",
                "a.wfId",
                () -> new Object[] {"since", new Timestamp(wallClock.getAsLong() - KILLED_WITHIN_MS)},
                found -> new CommandPickup(found, () -> new ActionKillXCommand(found.text(0), found.text(TYPE))));
    }

    private long dueInMs(Found found) {
        long now = wallClock.getAsLong();
        switch (found.text(STATUS)) {
            case "START_RETRY":
            case "END_RETRY":
                return found.time(AGE, now) - now;
            case "USER_RETRY":
                return found.time(AGE, now) + retryIntervalMs(found) - now;
            default:
                return 0;
        }
    }

    /** The count was raised when the retry was planned. */
    private static long retryIntervalMs(Found found) {
        String policy = ConfigurationService.get(LiteWorkflowStoreService.CONF_USER_RETRY_POLICY);
        boolean exponential =
                policy != null && policy.trim().toUpperCase(Locale.ROOT).equals("EXPONENTIAL");
        int doublings = exponential ? Math.max(0, Math.min(found.number(RETRIES) - 1, 20)) : 0;
        return (found.number(RETRY_MINUTES) * MINUTE_MS) << doublings;
    }

    private static XCommand<?> next(Found found) {
        String id = found.text(0);
        switch (found.text(STATUS)) {
            case "DONE":
            case "END_RETRY":
            case "END_MANUAL":
                return new ActionEndXCommand(id, found.text(TYPE));
            case "OK":
            case "ERROR":
                return new SignalXCommand(found.text(JOB), id);
            default:
                return new ActionStartXCommand(id, found.text(TYPE));
        }
    }
}
