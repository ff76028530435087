package org.oozieha.service;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.oozie.command.XCommand;
import org.apache.oozie.command.bundle.BundleStatusTransitXCommand;
import org.apache.oozie.command.coord.CoordKillXCommand;
import org.apache.oozie.command.coord.CoordResumeXCommand;
import org.apache.oozie.command.coord.CoordSuspendXCommand;
import org.oozieha.service.TableScan.Found;
import org.oozieha.takeover.Scan;

/**
 * Bundles in flight: coordinators not yet submitted, orders not yet passed on to coordinators, jobs whose status may follow.
 *
 * <p>A row is acted on 30 s after it was written, as it usually is being worked on. Source: which command follows which state, and how a
 * coordinator's configuration is made of the bundle's, from Oozie 5.2.1's RecoveryService.
 */
final class BundleScans {
    private static final long AGE_MS = 30_000;
    private static final Object[] NONE = {};

    private static final String ACTION =
            "select a.bundleActionId, a.bundleId, a.statusStr, a.pending, a.lastModifiedTimestamp,"
                    + " a.coordId, a.coordName from BundleActionBean a";
    private static final int BUNDLE = 1;
    private static final int STATUS = 2;
    private static final int MODIFIED = 4;
    private static final int COORDINATOR = 5;
    private static final int NAME = 6;

    private final LongSupplier wallClock;

    BundleScans(LongSupplier wallClock) {
        this.wallClock = wallClock;
    }

    List<Scan> all() {
        return Arrays.asList(pendingActions(), new Unhurried(changedJobs()));
    }

    private Scan pendingActions() {
        return new TableScan(
                "bundle actions",
                ACTION,
                "a.pending > 0 and a.statusStr in ('PREP', 'KILLED', 'SUSPENDED', 'SUSPENDEDWITHERROR', 'RUNNING',"
                        + " 'RUNNINGWITHERROR')",
                "a.bundleActionId",
                "a.bundleId",
                () -> NONE,
                found -> new OwnedBy(
                        found.text(BUNDLE),
                        new CommandPickup(
                                found,
                                () -> found.time(MODIFIED, 0) + AGE_MS - wallClock.getAsLong(),
                                () -> next(found))));
    }

    private Scan changedJobs() {
        return new TableScan(
                "bundles whose status may follow that of their coordinators",
                "select b.id from BundleJobBean b",
                "(b.pending = 1 or b.statusStr in ('RUNNING', 'RUNNINGWITHERROR'))",
                "b.id",
                "b.id",
                () -> NONE,
                found -> new CommandPickup(found, () -> new BundleStatusTransitXCommand(found.text(0))));
    }

    private static XCommand<?> next(Found found) {
        String coordinator = found.text(COORDINATOR);
        if (found.text(STATUS).equals("PREP")) {
            return coordinator == null ? BundleCoordinator.submission(found.text(BUNDLE), found.text(NAME)) : null;
        }
        if (coordinator == null) {
            return null;
        }
        switch (found.text(STATUS)) {
            case "KILLED":
                return new CoordKillXCommand(coordinator);
            case "RUNNING":
            case "RUNNINGWITHERROR":
                return new CoordResumeXCommand(coordinator);
            default:
                return new CoordSuspendXCommand(coordinator);
        }
    }
}
