package org.oozieha.it.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.Effect;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;

/** (b) A lock holder stops for three session timeouts in the middle of its actions, others finish its jobs, and it wakes up. */
final class HolderPaused implements Scenario {
    private static final int WORKFLOWS = 6;
    private static final Duration HOLD = Duration.ofSeconds(4);

    private final String fencing;
    private final int pauses;
    private final Duration pause;
    private final Duration later;

    private HolderPaused(String fencing, int pauses, Duration pause, Duration later) {
        this.fencing = fencing;
        this.pauses = pauses;
        this.pause = pause;
        this.later = later;
    }

    /** Four times for three session timeouts, and looked at a minute later. */
    static HolderPaused of(String fencing) {
        return new HolderPaused(fencing, 4, SESSION.multipliedBy(3), Duration.ofSeconds(60));
    }

    /** Once, as short as it proves something. */
    static HolderPaused briefly() {
        return new HolderPaused("lease", 1, SESSION.multipliedBy(2), Duration.ofSeconds(10));
    }

    @Override
    public String name() {
        return "pause_" + fencing;
    }

    @Override
    public boolean withStock() {
        return fencing.equals("lease");
    }

    @Override
    public String title() {
        return "SIGSTOP of a lock holder for " + pause.getSeconds() + " s, " + pauses
                + " times a run, oozie.ha.fencing=" + fencing
                + (withStock() ? "; stock with its recovery every 5 s, else nobody finishes the jobs" : "");
    }

    @Override
    public List<Measure> measures() {
        Measure stale = Measure.of("stale_commits", "ended rows changed again").atMost(0);
        Measure notSucceeded = Measure.of(
                        "jobs_not_succeeded", "jobs that are not SUCCEEDED a while after the last wake-up")
                .atMost(0);
        return Arrays.asList(
                Measure.of("pauses", "pauses of a server in the middle of an action")
                        .atLeast(pauses),
                Measure.of("actions_paused", "actions it was in the middle of").atLeast(pauses),
                Measure.of("jobs_finished_by_others", "of its jobs others finished meanwhile")
                        .atLeast(pauses),
                withStock() ? stale.stockFails() : stale,
                Measure.of("pauses_with_stale_commits", "pauses after which that happened")
                        .atMost(0),
                withStock() ? notSucceeded.stockFails() : notSucceeded,
                Measure.of("ended_twice", "jobs and actions that ended twice").atMost(0),
                Measure.of("duplicate_effects", "files changed again after they had been (outside the database)"),
                Measure.of("exits", "servers that ended").atMost(0));
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        ClusterSettings settings = Scenario.super.settings(side).property("oozie.ha.fencing", fencing);
        return side == HaServices.PACK ? settings : settings.quickRecovery();
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        Map<String, Number> sums = new TreeMap<>();
        List<Workload> workloads = new ArrayList<>();
        for (int i = 1; i <= pauses; i++) {
            Workload workload = arena.workload();
            workloads.add(workload);
            pause(cluster, workload, arena, i, sums);
        }
        Waiting.letPass(later);
        return figures(cluster, workloads, sums);
    }

    private void pause(Cluster cluster, Workload workload, Arena arena, int number, Map<String, Number> sums) {
        workload.workflows(arena.unique("pause" + number), WORKFLOWS, HOLD, done -> {});
        OozieServer holder = Waiting.forValue(
                "a server is in the middle of an action", Duration.ofSeconds(30), () -> busiest(cluster, workload));
        long stopped = System.nanoTime();
        holder.pause();
        Set<String> actions = underWay(cluster, workload.jobs()).getOrDefault(holder.id(), new HashSet<>());
        Set<String> jobs =
                actions.stream().map(action -> action.split("@", 2)[0]).collect(Collectors.toSet());
        arena.says("pause " + number + ": " + holder.id() + " stopped in " + actions.size() + " actions");
        othersFinish(workload, jobs);
        Waiting.letPass(pause.minusNanos(Math.min(pause.toNanos(), System.nanoTime() - stopped)));
        long finished = jobs.stream()
                .filter(job -> "SUCCEEDED".equals(workload.statuses().get(job)))
                .count();
        holder.resume();
        sums.merge("actions_paused", actions.size(), HolderPaused::sum);
        sums.merge("jobs_finished_by_others", finished, HolderPaused::sum);
        boolean exited = !settles(cluster, holder);
        sums.merge("exits", exited ? 1 : 0, HolderPaused::sum);
        if (exited) {
            holder.start();
            holder.awaitReady();
        }
        Waiting.until(
                "all servers are in the load balancer",
                Duration.ofSeconds(90),
                () -> cluster.balancer().serversIn().size() == cluster.servers().size());
    }

    private void othersFinish(Workload workload, Collection<String> jobs) {
        try {
            Waiting.until("others finish its jobs", pause.multipliedBy(2), () -> {
                Map<String, String> statuses = workload.statuses();
                return jobs.stream().allMatch(job -> "SUCCEEDED".equals(statuses.get(job)));
            });
        } catch (IllegalStateException counted) {
            // jobs_finished_by_others tells how many were not
        }
    }

    /** Whether the server lives and takes requests again, rather than ending. */
    private static boolean settles(Cluster cluster, OozieServer server) {
        Waiting.letPass(Duration.ofSeconds(5));
        Waiting.until(
                server.id() + " is back or has ended",
                Duration.ofSeconds(60),
                () -> !server.isAlive() || cluster.balancer().serversIn().contains(server.url()));
        return server.isAlive();
    }

    private static OozieServer busiest(Cluster cluster, Workload workload) {
        return underWay(cluster, workload.jobs()).entrySet().stream()
                .filter(entry -> entry.getValue().size() >= 2)
                .map(entry -> cluster.server(entry.getKey()))
                .findFirst()
                .orElse(null);
    }

    /** The actions each server has begun to change files for, and not ended. */
    private static Map<String, Set<String>> underWay(Cluster cluster, Collection<String> jobs) {
        Map<String, Set<String>> open = new TreeMap<>();
        for (Effect effect : cluster.effects()) {
            if (effect.operation().equals("mkdirs") && jobs.contains(effect.job())) {
                Set<String> ofServer = open.computeIfAbsent(effect.server(), server -> new HashSet<>());
                if (effect.isDone()) {
                    ofServer.remove(effect.action());
                } else {
                    ofServer.add(effect.action());
                }
            }
        }
        return open;
    }

    private static Map<String, Number> figures(Cluster cluster, List<Workload> workloads, Map<String, Number> sums) {
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("pauses", workloads.size());
        figures.putAll(sums);
        for (Workload workload : workloads) {
            Checks checks = Checks.of(cluster, workload.jobs());
            int stale = checks.stale().size();
            figures.merge("stale_commits", stale, HolderPaused::sum);
            figures.merge("pauses_with_stale_commits", stale > 0 ? 1 : 0, HolderPaused::sum);
            figures.merge("jobs_not_succeeded", checks.notSucceeded(), HolderPaused::sum);
            figures.merge("ended_twice", checks.endedTwice().size(), HolderPaused::sum);
            figures.merge("duplicate_effects", checks.repeatedEffects(), HolderPaused::sum);
        }
        return figures;
    }

    private static Number sum(Number one, Number other) {
        return one.longValue() + other.longValue();
    }
}
