package org.oozieha.it.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;

/**
 * (h) {@code oozie admin -sharelibupdate} under faults, each met once. What the command printed in each case is in {@code cli.txt} of the
 * run's directory.
 */
final class ShareLibUpdates implements Scenario {
    /** The update's bound of 30 s, and the start of the command's JVM. */
    private static final double BOUND_MS = 40_000;

    private static final double CATCH_UP_MS = 45_000;

    @Override
    public String name() {
        return "sharelib_updates";
    }

    @Override
    public String title() {
        return "sharelibupdate with three live servers, and while a peer is dead, hangs, is started again or is cut from ZooKeeper, while"
                + " the server that updates is killed, while ZooKeeper is away, and during an upload; the command is given up after "
                + ShareLibFaults.GIVE_UP.getSeconds() + " s";
    }

    @Override
    public List<Measure> measures() {
        return Arrays.asList(
                Measure.of("launcher_directories_shared", "servers that share their launcher directory with another")
                        .atMost(0),
                Measure.of("all_serve_ms", "request to all three serve it, uploaded just now, the longest of three")
                        .atMost(BOUND_MS),
                Measure.of("all_serve_old_upload_ms", "request to all three serve it, uploaded an hour before")
                        .atMost(BOUND_MS),
                Measure.of("command_ms", "the same, the command: its JVM's start to its end")
                        .atMost(BOUND_MS),
                Measure.of("dead_ms", "a peer is dead (kill -9): the command").atMost(BOUND_MS),
                Measure.of("dead_behind", "live servers that do not serve it then")
                        .atMost(0),
                Measure.of(
                                "dead_split",
                                "servers on another version than the others after the dead one's restart, with a newer upload"
                                        + " for which no command was given")
                        .atMost(0)
                        .stockFails(),
                Measure.of("hung_ms", "a peer hangs (SIGSTOP): the command").atMost(BOUND_MS),
                Measure.of("hung_no_answer", "commands given up").atMost(0).stockFails(),
                Measure.of("hung_behind", "live servers that do not serve it then")
                        .atMost(0),
                Measure.of("hung_catches_up_ms", "SIGCONT until the peer serves it (-1: it ended, or not within 60 s)")
                        .atLeast(0)
                        .atMost(CATCH_UP_MS),
                Measure.of(
                                "killed_updater_behind",
                                "the updating server is killed while it waits for a hung peer: servers that do not serve it"
                                        + " once all are back")
                        .atMost(0),
                Measure.of("restarted_ms", "a hung peer is killed and started again under the command: the command")
                        .atMost(BOUND_MS),
                Measure.of("restarted_behind", "servers that do not serve it once all are back")
                        .atMost(0),
                Measure.of("cut_ms", "a peer is cut from ZooKeeper: the command")
                        .atMost(BOUND_MS),
                Measure.of(
                                "cut_catches_up_ms",
                                "link healed until the peer serves it (-1: it ended, or not within 60 s)")
                        .atLeast(0)
                        .atMost(CATCH_UP_MS),
                Measure.of("away_ms", "ZooKeeper is away: the command").atMost(BOUND_MS),
                Measure.of("away_split", "servers on another version than the others then")
                        .atMost(0),
                Measure.of("away_behind", "ZooKeeper is back, the command again: servers that do not serve it")
                        .atMost(0),
                Measure.of("half_at_start", "servers that serve an upload in progress after their start")
                        .atMost(0)
                        .stockFails(),
                Measure.of("half_by_command", "servers that serve an upload in progress after the command")
                        .atMost(0)
                        .stockFails(),
                Measure.of("exits", "servers that ended by themselves")
                        .atMost(0)
                        .stockFails());
    }

    @Override
    public int runs(int repetitions) {
        return 1;
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return new ClusterSettings()
                .servers(3, side)
                .session(SESSION)
                .withLinks()
                .shippingLauncherJars();
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        return new ShareLibFaults(arena).run();
    }
}
