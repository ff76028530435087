package org.oozieha.service;

import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.oozie.StringBlob;
import org.apache.oozie.command.XCommand;
import org.apache.oozie.command.coord.CoordActionCheckXCommand;
import org.apache.oozie.command.coord.CoordActionInputCheckXCommand;
import org.apache.oozie.command.coord.CoordActionReadyXCommand;
import org.apache.oozie.command.coord.CoordActionStartXCommand;
import org.apache.oozie.command.coord.CoordMaterializeTransitionXCommand;
import org.apache.oozie.command.coord.CoordPushDependencyCheckXCommand;
import org.apache.oozie.command.coord.CoordStatusTransitXCommand;
import org.apache.oozie.command.wf.KillXCommand;
import org.apache.oozie.command.wf.ResumeXCommand;
import org.apache.oozie.command.wf.SuspendXCommand;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.CoordMaterializeTriggerService;
import org.oozieha.service.TableScan.Found;
import org.oozieha.takeover.Pickup;
import org.oozieha.takeover.Scan;

/**
 * Coordinators in flight: actions to be started or checked, ends not yet noticed, orders not yet passed on to workflows, jobs due for
 * materialization or for a look at their status.
 *
 * <p>Checks of inputs are spread: each waits until the interval after its last check has passed, and they begin at most
 * {@value #CHECKS_PER_SECOND} a second. Orders are passed on 30 s after they were given, as they usually are on their way. Source: which
 * command follows which state, from Oozie 5.2.1's RecoveryService, CoordMaterializeTriggerService and StatusTransitService.
 */
final class CoordinatorScans {
    static final int CHECKS_PER_SECOND = 20;
    private static final long ORDER_AGE_MS = 30_000;
    private static final long SLACK_MS = 5_000;
    private static final String INPUT_CHECK_INTERVAL = "oozie.service.coord.input.check.requeue.interval";
    private static final Object[] NONE = {};

    private static final String ACTION = "select a.id, a.jobId, a.statusStr, a.pending, a.lastModifiedTimestamp,"
            + " a.nominalTimestamp, a.externalId from CoordinatorActionBean a";
    private static final String RUNNING_JOB =
            "a.jobId in (select w.id from CoordinatorJobBean w where w.statusStr in ('RUNNING', 'RUNNINGWITHERROR'))";
    private static final String PUSH =
            "select a.id, a.pushMissingDependencies from CoordinatorActionBean a where a.id = :id";
    private static final String MISSING =
            "select a.id, a.missingDependencies, a.pushMissingDependencies from CoordinatorActionBean a where a.id = :id";
    private static final String OWNER = "select w.id, w.user, w.appName from CoordinatorJobBean w where w.id = :id";
    private static final int JOB = 1;
    private static final int STATUS = 2;
    private static final int PENDING = 3;
    private static final int MODIFIED = 4;
    private static final int NOMINAL = 5;
    private static final int EXTERNAL = 6;

    private final LongSupplier wallClock;
    private long nextCheckAtMs;

    CoordinatorScans(LongSupplier wallClock) {
        this.wallClock = wallClock;
    }

    /** In the order of urgency. */
    List<Scan> all() {
        return Arrays.asList(
                actionsToStart(),
                endedActions(),
                dueJobs(),
                orders(),
                new Unhurried(waitingActions()),
                new Unhurried(pushedActions()),
                new Unhurried(changedJobs()));
    }

    private Scan actionsToStart() {
        return actions(
                "coordinator actions to be started",
                "a.statusStr in ('READY', 'SUBMITTED') and " + RUNNING_JOB,
                found -> found.text(STATUS).equals("READY")
                        ? new CommandPickup(found, () -> new CoordActionReadyXCommand(found.text(JOB)))
                        : new CommandPickup(found, () -> start(found)));
    }

    private static XCommand<?> start(Found found) {
        Object[] job = JobRows.row(OWNER, found.text(JOB));
        return job == null
                ? null
                : new CoordActionStartXCommand(found.text(0), (String) job[1], (String) job[2], found.text(JOB));
    }

    private Scan endedActions() {
        return actions(
                "coordinator actions whose workflow has ended",
                "a.statusStr = 'RUNNING' and a.externalId in (select j.id from WorkflowJobBean j where j.statusStr in"
                        + " ('SUCCEEDED', 'KILLED', 'FAILED'))",
                found -> new CommandPickup(found, () -> new CoordActionCheckXCommand(found.text(0), 0)));
    }

    private Scan orders() {
        return actions(
                "orders for workflows of coordinators",
                "a.pending > 0 and a.externalId is not null and a.statusStr in ('SUSPENDED', 'KILLED', 'RUNNING')",
                found -> new CommandPickup(
                        found,
                        () -> found.time(MODIFIED, 0) + ORDER_AGE_MS - wallClock.getAsLong(),
                        () -> order(found)));
    }

    private static XCommand<?> order(Found found) {
        switch (found.text(STATUS)) {
            case "SUSPENDED":
                return found.number(PENDING) > 1 ? new SuspendXCommand(found.text(EXTERNAL)) : null;
            case "KILLED":
                return new KillXCommand(found.text(EXTERNAL));
            default:
                return new ResumeXCommand(found.text(EXTERNAL));
        }
    }

    private Scan waitingActions() {
        return actions(
                "waiting coordinator actions",
                "a.statusStr = 'WAITING' and " + RUNNING_JOB,
                found -> new CommandPickup(found, () -> checkInMs(found), () -> inputCheck(found)));
    }

    /**
     * Who waits for messages only is not checked: a living server does not do that either, and the check would skip actions of execution
     * NONE and LAST_ONLY (H2).
     */
    private XCommand<?> inputCheck(Found found) {
        Object[] row = JobRows.row(MISSING, found.text(0));
        boolean forMessagesOnly = row != null && isNone((StringBlob) row[1]) && !isNone((StringBlob) row[2]);
        return forMessagesOnly && found.time(NOMINAL, 0) <= wallClock.getAsLong()
                ? null
                : new CoordActionInputCheckXCommand(found.text(0), found.text(JOB));
    }

    private Scan pushedActions() {
        return actions(
                "coordinator actions that wait for a message",
                "a.statusStr = 'WAITING' and a.pushMissingDependencies is not null and " + RUNNING_JOB,
                found -> new CommandPickup(found, () -> checkInMs(found), () -> pushCheck(found.text(0))));
    }

    private static XCommand<?> pushCheck(String actionId) {
        Object[] row = JobRows.row(PUSH, actionId);
        return row == null || isNone((StringBlob) row[1])
                ? null
                : new CoordPushDependencyCheckXCommand(actionId, true, true);
    }

    private static boolean isNone(StringBlob missing) {
        return missing == null
                || missing.getString() == null
                || missing.getString().isEmpty();
    }

    /** After the interval since the last check, not before the nominal time, and one after another. */
    private long checkInMs(Found found) {
        long now = wallClock.getAsLong();
        long interval = ConfigurationService.getInt(INPUT_CHECK_INTERVAL) + SLACK_MS;
        long due = Math.max(found.time(MODIFIED, 0) + interval, found.time(NOMINAL, 0) + SLACK_MS);
        if (due > now) {
            return due - now;
        }
        nextCheckAtMs = Math.max(now, nextCheckAtMs) + 1_000 / CHECKS_PER_SECOND;
        return nextCheckAtMs - now;
    }

    private Scan dueJobs() {
        String select = "select w.id, w.nextMaterializedTimestamp, w.lastActionNumber from CoordinatorJobBean w";
        return new TableScan(
                "coordinators due for materialization",
                select,
                "w.startTimestamp <= :now and w.doneMaterialization = 0 and w.statusStr in ('PREP', 'RUNNING', 'RUNNINGWITHERROR')"
                        + " and (w.nextMaterializedTimestamp is null or (w.nextMaterializedTimestamp <= :now"
                        + " and w.endTimestamp > w.nextMaterializedTimestamp"
                        + " and (w.pauseTimestamp is null or w.pauseTimestamp > w.nextMaterializedTimestamp)))"
                        + " and w.matThrottling > (select count(c.jobId) from CoordinatorActionBean c where c.jobId = w.id"
                        + " and c.statusStr = 'WAITING')",
                "w.id",
                "w.id",
                () -> new Object[] {"now", new Timestamp(wallClock.getAsLong())},
                found -> new CommandPickup(
                        found,
                        () -> new CoordMaterializeTransitionXCommand(
                                found.text(0),
                                ConfigurationService.getInt(
                                        CoordMaterializeTriggerService.CONF_MATERIALIZATION_WINDOW))));
    }

    /** Stock looks at jobs changed since its own last look; changes by a server whose clock was slow are older than that. */
    private Scan changedJobs() {
        return new TableScan(
                "coordinators whose status may follow that of their actions",
                "select w.id from CoordinatorJobBean w",
                "(w.pending = 1 or w.statusStr in ('RUNNING', 'RUNNINGWITHERROR', 'PAUSED', 'PAUSEDWITHERROR'))",
                "w.id",
                "w.id",
                () -> NONE,
                found -> new CommandPickup(found, () -> new CoordStatusTransitXCommand(found.text(0))));
    }

    private static Scan actions(String name, String where, java.util.function.Function<Found, Pickup> pickup) {
        return new TableScan(name, ACTION, where, "a.id", "a.jobId", () -> NONE, pickup);
    }
}
