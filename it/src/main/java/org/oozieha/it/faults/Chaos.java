package org.oozieha.it.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.LinkProxy;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.SteadyLoad;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;

/**
 * (i) All faults in an order drawn from a seed, for a bounded time; then everything heals, and database, side effects and logs are looked
 * through. A supervisor starts again what has ended.
 */
final class Chaos implements Scenario {
    private static final Duration LASTS = Duration.ofMinutes(3);
    private static final Duration SETTLE = Duration.ofMinutes(4);
    private static final int LOGS = 20;
    private static final int LONG = 3;

    /** One thing that goes wrong, and is mended before the next. */
    private enum Fault {
        KILL,
        PAUSE,
        ZOOKEEPER_LINK,
        ALL_ZOOKEEPER_LINKS,
        DATABASE_LINK_CUT,
        SLOW_ZOOKEEPER_LINK,
        ZOOKEEPER_RESTART,
        DATABASE_RESTART,
        STOP
    }

    private final long seed;

    Chaos(long seed) {
        this.seed = seed;
    }

    @Override
    public String name() {
        return "chaos";
    }

    @Override
    public String title() {
        return "all faults in random order for " + LASTS.getSeconds() + " s, seeds " + seed
                + " and following, two submissions a second";
    }

    @Override
    public boolean isHeavy() {
        return true;
    }

    @Override
    public int runs(int repetitions) {
        return Math.max(1, repetitions / 2);
    }

    @Override
    public List<Measure> measures() {
        return Arrays.asList(
                Measure.of("faults", "faults").atLeast(5),
                Measure.of("acknowledged", "jobs acknowledged").atLeast(100),
                Measure.of("jobs_lost", "acknowledged jobs the database does not have")
                        .atMost(0),
                Measure.of("ids_duplicate", "job ids acknowledged twice").atMost(0),
                Measure.of("jobs_doubled", "jobs more than asked for").atMost(0),
                Measure.of("jobs_not_succeeded", "acknowledged jobs that did not succeed within 4 min of quiet")
                        .atMost(0),
                Measure.of("all_finished_ms", "end of the faults until all had succeeded (-1: not)"),
                Measure.of("stale_commits", "ended rows changed again").atMost(0),
                Measure.of("ended_twice", "jobs and actions that ended twice").atMost(0),
                Measure.of("log_lines_missing", "lines missing in " + LOGS + " job logs")
                        .atMost(0),
                Measure.of("duplicate_effects", "files changed again after they had been"),
                Measure.of("not_carried_out", "submissions refused or lost, each known to the client as such"),
                Measure.of("exits", "servers that ended by themselves").atMost(0));
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return Scenario.super.settings(side).withLinks();
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Random random = new Random(seed + arena.number() - 1);
        Cluster cluster = arena.cluster();
        Workload workload = arena.workload();
        SteadyLoad load = SteadyLoad.start(
                workload,
                arena.unique("chaos"),
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                Duration.ofSeconds(40));
        int exits = 0;
        int faults = 0;
        int refused = 0;
        long end = System.nanoTime() + LASTS.toNanos();
        while (System.nanoTime() < end) {
            refused += LONG - submitLong(arena, workload, "chaos-long-" + faults);
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            OozieServer server = cluster.server(1 + random.nextInt(3));
            Duration lasts = Duration.ofMillis(1_000 + random.nextInt(24_000));
            arena.says(fault + " " + server.id() + " " + lasts.toMillis() + " ms");
            strike(cluster, fault, server, lasts);
            exits += supervise(cluster, fault == Fault.KILL || fault == Fault.STOP ? server : null);
            Waiting.letPass(Duration.ofMillis(random.nextInt(8_000)));
            faults++;
        }
        long quiet = System.currentTimeMillis();
        load.stop();
        exits += supervise(cluster, null);
        workload.addAll(load.foundByName());
        long finished = awaitSuccess(workload, arena) ? System.currentTimeMillis() - quiet : -1;
        Map<String, Number> figures = figures(cluster, workload, load);
        figures.put("not_carried_out", refused + load.notCarriedOut().size());
        figures.put("faults", faults);
        figures.put("all_finished_ms", finished);
        figures.put("exits", exits);
        return figures;
    }

    /** Returns how many were accepted: after half a minute of refusals there is no server for the rest either. */
    private static int submitLong(Arena arena, Workload workload, String name) {
        for (int accepted = 0; accepted < LONG; accepted++) {
            try {
                workload.workflow(arena.unique(name) + "-" + accepted, Duration.ofSeconds(1));
            } catch (IllegalStateException refused) {
                arena.says(refused.getMessage() + ": " + refused.getCause());
                return accepted;
            }
        }
        return LONG;
    }

    private static void strike(Cluster cluster, Fault fault, OozieServer server, Duration lasts) {
        int number = cluster.servers().indexOf(server) + 1;
        List<LinkProxy> toZooKeeper = cluster.links(number).toZooKeeper();
        List<LinkProxy> all = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            all.addAll(cluster.links(i).toZooKeeper());
        }
        switch (fault) {
            case KILL:
                server.kill();
                Waiting.letPass(lasts);
                break;
            case STOP:
                server.stop();
                break;
            case PAUSE:
                server.pause();
                Waiting.letPass(lasts);
                server.resume();
                break;
            case ZOOKEEPER_LINK:
                hold(toZooKeeper, LinkProxy::blackHole, lasts);
                break;
            case ALL_ZOOKEEPER_LINKS:
                hold(all, LinkProxy::blackHole, lasts);
                break;
            case SLOW_ZOOKEEPER_LINK:
                hold(toZooKeeper, link -> link.delay(Duration.ofMillis(300)), lasts);
                break;
            case DATABASE_LINK_CUT:
                hold(Arrays.asList(cluster.links(number).toDatabase()), LinkProxy::cut, lasts);
                break;
            case ZOOKEEPER_RESTART:
                cluster.zooKeeper().kill();
                Waiting.letPass(lasts);
                cluster.zooKeeper().start();
                break;
            case DATABASE_RESTART:
                cluster.restartDatabase();
                break;
            default:
                throw new IllegalStateException("unknown: " + fault);
        }
    }

    private static void hold(List<LinkProxy> links, Consumer<LinkProxy> damage, Duration lasts) {
        links.forEach(damage);
        Waiting.letPass(lasts);
        links.forEach(LinkProxy::heal);
    }

    /** Starts what has ended; returns how many ended by themselves. */
    private static int supervise(Cluster cluster, OozieServer ended) {
        int exits = 0;
        List<OozieServer> down = new ArrayList<>(cluster.servers());
        down.removeIf(OozieServer::isAlive);
        for (OozieServer server : down) {
            exits += server == ended ? 0 : 1;
            server.start();
        }
        down.forEach(Chaos::awaitReady);
        return exits;
    }

    private static void awaitReady(OozieServer server) {
        try {
            server.awaitReady();
        } catch (IllegalStateException endedAgain) {
            // the next round starts it again, and counts it
        }
    }

    private static boolean awaitSuccess(Workload workload, Arena arena) {
        try {
            Waiting.until(
                    "all jobs have succeeded",
                    SETTLE,
                    () -> workload.count("SUCCEEDED") == workload.jobs().size());
            return true;
        } catch (IllegalStateException counted) {
            workload.unfinished().forEach(arena::says);
            return false;
        }
    }

    /** The last jobs that the database has. */
    private static List<String> someOf(Cluster cluster, Workload workload) {
        Map<String, String> known = workload.statuses();
        List<String> jobs = new ArrayList<>(workload.jobs());
        jobs.removeIf(job -> !known.containsKey(job));
        return jobs.subList(Math.max(0, jobs.size() - LOGS), jobs.size());
    }

    private static Map<String, Number> figures(Cluster cluster, Workload workload, SteadyLoad load) {
        Checks checks = Checks.of(cluster, workload.jobs());
        checks.stale().forEach(write -> System.out.println("stale: " + write));
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("acknowledged", workload.jobs().size());
        figures.put("jobs_lost", checks.lost());
        figures.put(
                "ids_duplicate",
                workload.jobs().size() - workload.jobs().stream().distinct().count());
        figures.put("jobs_doubled", load.doubled());
        figures.put("jobs_not_succeeded", checks.notSucceeded());
        figures.put("stale_commits", checks.stale().size());
        figures.put("ended_twice", checks.endedTwice().size());
        figures.put("log_lines_missing", JobLog.linesMissing(cluster, someOf(cluster, workload)));
        figures.put("duplicate_effects", checks.repeatedEffects());
        return figures;
    }
}
