package org.oozieha.it.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.SteadyLoad;
import org.oozieha.it.harness.Submission;
import org.oozieha.it.harness.Submission.Outcome;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;

/** (f, h) All servers are stopped and started one after the other, as an operator does it, under a steady stream of submissions. */
final class Rolling implements Scenario {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final int RUNNING = 10;
    private static final Duration STOCK_CHECKS = Duration.ofMinutes(14);
    private static final Duration LATE_STARTS = Duration.ofMinutes(2);

    private final String name;
    private final String title;
    private final boolean changesSides;

    private Rolling(String name, String title, boolean changesSides) {
        this.name = name;
        this.title = title;
        this.changesSides = changesSides;
    }

    static Rolling restart() {
        return new Rolling("rolling_restart", "rolling restart of all three servers", false);
    }

    static Rolling change() {
        return new Rolling("rolling_change", "stock servers replaced by pack servers, one at a time, and back", true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title + ", two submissions a second through the load balancer, long workflows under way";
    }

    @Override
    public boolean withStock() {
        return !changesSides;
    }

    @Override
    public boolean isHeavy() {
        return true;
    }

    @Override
    public List<Measure> measures() {
        List<Measure> measures = new ArrayList<>(Arrays.asList(
                Measure.of("submitted", "submissions").atLeast(40),
                Measure.of("acknowledged", "of them acknowledged"),
                Measure.of("repeated", "of them after at least one 503 or refused connection"),
                Measure.of("unknown_found", "of unknown outcome, found by their name"),
                Measure.of(
                                "failed",
                                changesSides
                                        ? "refused to the end, or of unknown outcome and not carried out, by pack servers"
                                        : "refused to the end, or of unknown outcome and not carried out")
                        .atMost(0),
                Measure.of("jobs_lost", "acknowledged jobs the database does not have")
                        .atMost(0),
                Measure.of("jobs_doubled", "jobs more than asked for").atMost(0),
                Measure.of("jobs_not_succeeded", "acknowledged jobs that did not succeed")
                        .atMost(0),
                Measure.of("all_finished_ms", "last server up until all had succeeded (-1: not)"),
                Measure.of("slowest_ack_ms", "slowest acknowledgement"),
                Measure.of(
                                "stale_commits",
                                changesSides ? "ended rows changed again, by pack servers" : "ended rows changed again")
                        .atMost(0),
                Measure.of("ended_twice", "jobs and actions that ended twice").atMost(0),
                Measure.of("duplicate_effects", "files changed again after they had been"),
                Measure.of("killed_in_stop", "servers that did not stop within 90 s")
                        .atMost(0)));
        if (changesSides) {
            measures.add(Measure.of("stale_commits_by_stock", "ended rows changed again, by stock servers"));
            measures.add(Measure.of(
                    "failed_by_stock", "submissions answered with an error by a stock server that was stopped"));
            measures.add(
                    Measure.of("starts_lost_by_stock", "jobs still PREP whose start only a stock server's memory had"));
        }
        return measures;
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return Scenario.super.settings(first(side));
    }

    private HaServices first(HaServices side) {
        return changesSides ? HaServices.STOCK : side;
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        HaServices first = first(arena.side());
        Cluster cluster = arena.cluster();
        Workload workload = arena.workload();
        Shifts running = new Shifts(cluster.servers(), first);
        Shifts answering = new Shifts(cluster.servers(), first);
        SteadyLoad load = SteadyLoad.start(
                workload, arena.unique("rolling"), EVERY, Duration.ofSeconds(30), Duration.ofSeconds(60));
        int notStopped = 0;
        for (HaServices next : changesSides ? Arrays.asList(HaServices.PACK, HaServices.STOCK) : Arrays.asList(first)) {
            for (int server = 1; server <= 3; server++) {
                workload.workflows(arena.unique("long-" + next + server), RUNNING, Duration.ofSeconds(2), done -> {});
                arena.says("server " + server + " -> " + next);
                running.change(cluster.server(server), next);
                boolean stopped = changesSides ? cluster.replace(server, next) : cluster.restart(server);
                answering.change(cluster.server(server), next);
                notStopped += stopped ? 0 : 1;
            }
        }
        long ended = System.currentTimeMillis();
        load.stop();
        boolean succeeded = awaitSuccess(workload, load, arena);
        Map<String, Number> figures = figures(cluster, workload, load, running, answering);
        figures.put("all_finished_ms", succeeded ? System.currentTimeMillis() - ended : -1);
        figures.put("killed_in_stop", notStopped);
        return figures;
    }

    /** What nobody answered counts as the pack's. */
    private static boolean isStock(Submission failed, Cluster cluster, Shifts answering) {
        return cluster.servers().stream()
                .filter(server -> server.port() == failed.sentToPort())
                .anyMatch(server -> !answering.byPack(server.id(), failed.sentAtMillis() + failed.tookMillis()));
    }

    /**
     * Stock servers that are left alone look at a running action only every ten minutes, if its end was told to a server that stopped; and
     * what only their memory had stays PREP.
     */
    private boolean awaitSuccess(Workload workload, SteadyLoad load, Arena arena) {
        workload.addAll(load.foundByName());
        try {
            if (changesSides) {
                Waiting.until(
                        "all jobs that were started have succeeded",
                        STOCK_CHECKS,
                        () -> workload.count("SUCCEEDED") + workload.count("PREP")
                                == workload.jobs().size());
            }
            Waiting.until(
                    "all jobs have succeeded",
                    changesSides ? LATE_STARTS : Duration.ofMinutes(5),
                    () -> workload.count("SUCCEEDED") == workload.jobs().size());
            return true;
        } catch (IllegalStateException counted) {
            workload.unfinished().forEach(arena::says);
            return false;
        }
    }

    /**
     * @param running who ran with what; a server that is being stopped counts as the next one, so that what may be the pack's doing is
     * @param answering a server that is being stopped still counts as what it was: only that one answers
     */
    private Map<String, Number> figures(
            Cluster cluster, Workload workload, SteadyLoad load, Shifts running, Shifts answering) {
        Checks checks = Checks.of(cluster, workload.jobs());
        List<Submission> failed = load.notCarriedOut();
        failed.forEach(System.out::println);
        long byPack = checks.stale().stream().filter(running::byPack).count();
        long failedByStock = failed.stream()
                .filter(each -> isStock(each, cluster, answering))
                .count();
        Set<String> keptInMemory = checks.inPrep();
        keptInMemory.removeIf(job -> answering.byPack(checks.creationOf(job)));
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("submitted", load.submissions().size());
        figures.put("acknowledged", load.count(Outcome.ACKNOWLEDGED));
        figures.put(
                "repeated",
                load.submissions().stream().filter(each -> each.repeats() > 0).count());
        figures.put("unknown_found", load.foundByName().size());
        figures.put("failed", changesSides ? failed.size() - failedByStock : failed.size());
        figures.put("jobs_lost", checks.lost());
        figures.put("jobs_doubled", load.doubled());
        figures.put("jobs_not_succeeded", checks.notSucceeded() - (changesSides ? keptInMemory.size() : 0));
        figures.put(
                "slowest_ack_ms",
                load.submissions().stream()
                        .mapToLong(Submission::tookMillis)
                        .max()
                        .orElse(-1));
        figures.put("stale_commits", changesSides ? byPack : checks.stale().size());
        if (changesSides) {
            figures.put("stale_commits_by_stock", checks.stale().size() - byPack);
            figures.put("failed_by_stock", failedByStock);
            figures.put("starts_lost_by_stock", keptInMemory.size());
        }
        figures.put("ended_twice", checks.endedTwice().size());
        figures.put("duplicate_effects", checks.repeatedEffects());
        return figures;
    }
}
