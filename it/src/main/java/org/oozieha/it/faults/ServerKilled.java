package org.oozieha.it.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.Effect;
import org.oozieha.it.harness.Takeover;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;

/** (a) {@code kill -9} of the holder of many locks. */
final class ServerKilled implements Scenario {
    private static final int WORKFLOWS = 40;
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final Duration PROMISED = SESSION.plusSeconds(3).plusSeconds(2);

    @Override
    public String name() {
        return "kill9";
    }

    @Override
    public String title() {
        return "kill -9 of a server that holds at least 5 locks among " + WORKFLOWS + " running workflows";
    }

    @Override
    public List<Measure> measures() {
        return Arrays.asList(
                Measure.of("locks_held", "locks of running jobs the killed server held")
                        .atLeast(5),
                Measure.of("cut_in_execute", "actions it was in the middle of"),
                Measure.of("first_progress_ms", "kill until another server went on with one of these jobs"),
                Measure.of("last_picked_up_ms", "kill until the last of them was picked up (T + 1.5 ticks + 2 s)")
                        .atMost(PROMISED.toMillis()),
                Measure.of("not_picked_up", "of them never picked up").atMost(0),
                Measure.of("last_progress_ms", "kill until another server had gone on with all of them"),
                Measure.of("all_finished_ms", "kill until all workflows had ended (-1: not within 5 min)"),
                Measure.of("jobs_not_succeeded", "workflows that had not succeeded by then")
                        .atMost(0),
                Measure.of("stale_commits", "ended rows changed again").atMost(0),
                Measure.of("duplicate_effects", "files changed again after they had been"),
                Measure.of("exits", "other servers that ended").atMost(0));
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        Workload workload = arena.workload();
        workload.workflows(arena.unique("kill9"), WORKFLOWS, HOLD, done -> {});
        Takeover takeover = Takeover.ofBusiest(cluster, cluster.servers(), Duration.ofSeconds(60));
        arena.says("killed " + takeover.victim().id() + " holding "
                + takeover.heldLocks().size() + " locks");
        long finished = -1;
        try {
            Waiting.until(
                    "all workflows have ended",
                    BOUND,
                    () -> workload.count("SUCCEEDED") == workload.jobs().size());
            finished = System.currentTimeMillis() - takeover.killedAtMillis();
        } catch (IllegalStateException counted) {
            workload.unfinished().forEach(arena::says);
        }
        return figures(cluster, workload, takeover, finished);
    }

    private static Map<String, Number> figures(
            Cluster cluster, Workload workload, Takeover takeover, long finishedMillis) {
        Checks checks = Checks.of(cluster, workload.jobs());
        Map<String, Duration> progress = takeover.firstProgressOfOthers();
        Map<String, Duration> pickedUp = new HashMap<>(progress);
        takeover.pickedUpByOthers()
                .forEach((job, after) ->
                        pickedUp.computeIfPresent(job, (same, wentOn) -> after.compareTo(wentOn) < 0 ? after : wentOn));
        long locked = takeover.heldLocks().stream()
                .map(key -> key.split("@", 2)[0])
                .distinct()
                .count();
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("locks_held", takeover.heldLocks().size());
        figures.put("cut_in_execute", cutInExecute(cluster, takeover));
        figures.put("first_progress_ms", least(progress.values()));
        figures.put("last_picked_up_ms", most(pickedUp.values()));
        figures.put("not_picked_up", locked - pickedUp.size());
        figures.put("last_progress_ms", most(progress.values()));
        figures.put("all_finished_ms", finishedMillis);
        figures.put("jobs_not_succeeded", checks.notSucceeded());
        figures.put("stale_commits", checks.stale().size());
        figures.put("duplicate_effects", checks.repeatedEffects());
        figures.put("exits", 2L - cluster.liveServers().size());
        return figures;
    }

    /** Changes the victim had begun and did not finish. */
    private static long cutInExecute(Cluster cluster, Takeover takeover) {
        List<Effect> ofVictim = cluster.effects().stream()
                .filter(effect -> effect.server().equals(takeover.victim().id()))
                .collect(Collectors.toList());
        long begun = ofVictim.stream().filter(effect -> !effect.isDone()).count();
        return begun - (ofVictim.size() - begun);
    }

    private static long least(Collection<Duration> times) {
        return times.stream().mapToLong(Duration::toMillis).min().orElse(-1);
    }

    private static long most(Collection<Duration> times) {
        return times.stream().mapToLong(Duration::toMillis).max().orElse(-1);
    }
}
