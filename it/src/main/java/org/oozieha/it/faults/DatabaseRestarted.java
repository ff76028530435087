package org.oozieha.it.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.SteadyLoad;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;

/** (e) PostgreSQL ends as in a crash under load, and comes back. */
final class DatabaseRestarted implements Scenario {
    private static final int WORKFLOWS = 40;
    private static final Duration HOLD = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "database_restarted";
    }

    @Override
    public String title() {
        return "PostgreSQL crashed and started again, three times, among " + WORKFLOWS
                + " running workflows and two submissions a second";
    }

    @Override
    public List<Measure> measures() {
        return Arrays.asList(
                Measure.of("acknowledged", "jobs acknowledged").atLeast(WORKFLOWS),
                Measure.of("jobs_lost", "acknowledged jobs the database does not have")
                        .atMost(0),
                Measure.of("jobs_doubled", "jobs more than asked for").atMost(0),
                Measure.of("jobs_unfinished", "acknowledged jobs that had not ended within 3 min")
                        .atMost(0),
                Measure.of("jobs_failed", "jobs ended by Oozie's own rules because an action met the database's error"),
                Measure.of("all_finished_ms", "last restart until all had ended (-1: not within 3 min)"),
                Measure.of("stale_commits", "ended rows changed again").atMost(0),
                Measure.of("ended_twice", "jobs and actions that ended twice").atMost(0),
                Measure.of("duplicate_effects", "files changed again after they had been"),
                Measure.of("not_carried_out", "submissions refused or lost, each known to the client as such"),
                Measure.of("exits", "servers that ended").atMost(0));
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        Workload workload = arena.workload();
        workload.workflows(arena.unique("database"), WORKFLOWS, HOLD, done -> {});
        SteadyLoad load = SteadyLoad.start(
                workload,
                arena.unique("steady"),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30));
        for (int i = 0; i < 3; i++) {
            cluster.restartDatabase();
            Waiting.letPass(Duration.ofSeconds(3));
        }
        long restarted = System.currentTimeMillis();
        load.stop();
        workload.addAll(load.foundByName());
        long finished = -1;
        try {
            Waiting.until(
                    "all jobs have ended",
                    Duration.ofMinutes(3),
                    () -> workload.ended() == workload.jobs().size());
            finished = System.currentTimeMillis() - restarted;
        } catch (IllegalStateException counted) {
            workload.unfinished().forEach(arena::says);
        }
        Checks checks = Checks.of(cluster, workload.jobs());
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("acknowledged", workload.jobs().size());
        figures.put("jobs_lost", checks.lost());
        figures.put("jobs_doubled", load.doubled());
        figures.put("jobs_unfinished", workload.jobs().size() - workload.ended());
        figures.put("jobs_failed", workload.ended() - workload.count("SUCCEEDED"));
        figures.put("all_finished_ms", finished);
        figures.put("stale_commits", checks.stale().size());
        figures.put("ended_twice", checks.endedTwice().size());
        figures.put("duplicate_effects", checks.repeatedEffects());
        figures.put("not_carried_out", load.notCarriedOut().size());
        figures.put("exits", 3L - cluster.liveServers().size());
        return figures;
    }
}
