package org.oozieha.it.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.LinkProxy;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.SteadyLoad;
import org.oozieha.it.harness.Submission;
import org.oozieha.it.harness.Submission.Outcome;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;

/** (c, d) ZooKeeper out of reach of one server, or of all, for a minute, under jobs that run and submissions that go on. */
final class Outage implements Scenario {
    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration AFTER = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(40);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int RUNNING = 10;
    private static final String LEASE = "lease";
    private static final String DATABASE = "database";
    /** Of those a second, sent to one of three before it knows that it is marked: it looks every two seconds. */
    private static final int MOST_REFUSED = 2;

    private final String name;
    private final String title;
    private final Consumer<Cluster> begin;
    private final Consumer<Cluster> end;
    private final List<Integer> affected;
    private final boolean killsAcknowledger;
    private final Duration lasts;
    private final String fencing;

    private Outage(
            String name,
            String title,
            Consumer<Cluster> begin,
            Consumer<Cluster> end,
            List<Integer> affected,
            boolean killsAcknowledger,
            Duration lasts,
            String fencing) {
        this.name = name;
        this.title = title;
        this.begin = begin;
        this.end = end;
        this.affected = affected;
        this.killsAcknowledger = killsAcknowledger;
        this.lasts = lasts;
        this.fencing = fencing;
    }

    static Outage ofOneLink() {
        return links("link_one", "the link of one server to ZooKeeper black-holed", Arrays.asList(1), MINUTE, LEASE);
    }

    /** The others mark it in the database, and then it can commit nothing at all: the load balancer has to know. */
    static Outage ofOneLinkWithDatabaseFencing() {
        return links(
                "link_one_database", "the same with oozie.ha.fencing=database", Arrays.asList(1), MINUTE, DATABASE);
    }

    /** For twice the session timeout. */
    static Outage brieflyOfOneLink() {
        return links("link_one_briefly", "the same", Arrays.asList(1), SESSION.multipliedBy(2), LEASE);
    }

    static Outage ofAllLinks() {
        return links(
                "link_all", "the links of all servers to ZooKeeper black-holed", Arrays.asList(1, 2, 3), MINUTE, LEASE);
    }

    private static Outage links(String name, String title, List<Integer> servers, Duration lasts, String fencing) {
        return new Outage(
                name,
                title,
                cluster -> forEachLink(cluster, servers, LinkProxy::blackHole),
                cluster -> forEachLink(cluster, servers, LinkProxy::heal),
                servers,
                false,
                lasts,
                fencing);
    }

    private static void forEachLink(Cluster cluster, List<Integer> servers, Consumer<LinkProxy> action) {
        servers.forEach(server -> cluster.links(server).toZooKeeper().forEach(action));
    }

    static Outage ofZooKeeper() {
        return stopped("zookeeper_stopped", "ZooKeeper killed and started again", false);
    }

    static Outage ofZooKeeperAndTheAcknowledger() {
        return stopped(
                "zookeeper_stopped_server_killed",
                "the same, and the server that acknowledged starts meanwhile is killed before ZooKeeper is back",
                true);
    }

    private static Outage stopped(String name, String title, boolean killsAcknowledger) {
        return new Outage(
                name,
                title,
                cluster -> cluster.zooKeeper().kill(),
                cluster -> cluster.zooKeeper().start(),
                Arrays.asList(1, 2, 3),
                killsAcknowledger,
                MINUTE,
                LEASE);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title + ", " + lasts.getSeconds() + " s; a submission a second through the load balancer, " + RUNNING
                + " workflows under way";
    }

    @Override
    public List<Measure> measures() {
        Measure exits = Measure.of("exits", "servers that ended by themselves").atMost(0);
        List<Measure> measures = new ArrayList<>();
        // Of three stock servers the two that are not cut off go on: what fails there is the one that is.
        measures.add(withStock() ? exits.stockFails() : exits);
        measures.add(
                Measure.of("resumed_ms", "end of the outage until an affected server went on with a job (-1: never)")
                        .atMost(5000)
                        .atLeast(0));
        measures.add(Measure.of("submitted", "submissions during the outage").atLeast(lasts.getSeconds() / 2.0));
        measures.add(Measure.of("not_accepted", "of them not acknowledged within 10 s and not carried out")
                .atMost(fencing.equals(LEASE) ? 0 : MOST_REFUSED));
        measures.add(Measure.of("slowest_ack_ms", "slowest of those acknowledged"));
        measures.add(Measure.of("jobs_not_succeeded", "acknowledged jobs that had not succeeded 50 s after the outage")
                .atMost(0));
        measures.add(Measure.of("jobs_lost", "acknowledged jobs the database does not have")
                .atMost(0));
        measures.add(Measure.of("jobs_doubled", "jobs more than asked for").atMost(0));
        measures.add(Measure.of("stale_commits", "ended rows changed again").atMost(0));
        measures.add(
                Measure.of("ended_twice", "jobs and actions that ended twice").atMost(0));
        measures.add(Measure.of("duplicate_effects", "files changed again after they had been"));
        measures.add(
                Measure.of("finished_ms", "end of the outage until all acknowledged jobs had succeeded (-1: not)"));
        if (killsAcknowledger) {
            measures.add(
                    Measure.of("starts_acknowledged", "starts the killed server had acknowledged during the outage"));
        }
        return measures;
    }

    @Override
    public boolean withStock() {
        return fencing.equals(LEASE);
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return Scenario.super.settings(side).withLinks().property("oozie.ha.fencing", fencing);
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        Workload workload = arena.workload();
        SteadyLoad load = SteadyLoad.start(
                workload, arena.unique("outage"), Duration.ofSeconds(1), ANSWER, Duration.ofSeconds(5));
        Waiting.letPass(BEFORE);
        workload.workflows(arena.unique("running"), RUNNING, Duration.ofSeconds(1), done -> {});
        long began = System.currentTimeMillis();
        begin.accept(cluster);
        Map<String, Number> figures = new LinkedHashMap<>();
        OozieServer killed = killsAcknowledger ? killAcknowledger(cluster, load, figures) : null;
        Waiting.letPass(lasts.minusMillis(System.currentTimeMillis() - began));
        arena.says("the outage ends");
        long ended = System.currentTimeMillis();
        end.accept(cluster);
        Waiting.letPass(AFTER);
        load.stop();
        long finished = awaitSuccess(workload, load) ? System.currentTimeMillis() - ended : -1;
        figures.putAll(figures(cluster, workload, load, began, ended));
        figures.put("finished_ms", finished);
        figures.put("exits", exits(cluster, killed));
        workload.unfinished().forEach(arena::says);
        return figures;
    }

    private OozieServer killAcknowledger(Cluster cluster, SteadyLoad load, Map<String, Number> figures) {
        OozieServer server = cluster.server(3);
        Waiting.letPass(lasts.dividedBy(3));
        List<Submission> starts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            starts.add(load.sendTo(server));
        }
        Waiting.until("the starts have outcomes", ANSWER.plusSeconds(5), () -> starts.stream()
                .noneMatch(start -> start.outcome() == Outcome.PENDING));
        server.kill();
        figures.put(
                "starts_acknowledged",
                starts.stream()
                        .filter(start -> start.outcome() == Outcome.ACKNOWLEDGED)
                        .count());
        return server;
    }

    private static boolean awaitSuccess(Workload workload, SteadyLoad load) {
        try {
            workload.addAll(load.foundByName());
            Waiting.until(
                    "all jobs succeed",
                    SETTLE,
                    () -> workload.count("SUCCEEDED") == workload.jobs().size());
            return true;
        } catch (IllegalStateException counted) {
            return false;
        }
    }

    private Map<String, Number> figures(
            Cluster cluster, Workload workload, SteadyLoad load, long beganMillis, long endedMillis) {
        Checks checks = Checks.of(cluster, workload.jobs());
        Collection<Submission> during = load.submissions();
        during.removeIf(each -> each.sentAtMillis() < beganMillis || each.sentAtMillis() > endedMillis);
        List<Submission> notDone = load.notCarriedOut();
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("resumed_ms", resumed(cluster, checks, endedMillis));
        figures.put("submitted", during.size());
        figures.put("not_accepted", during.stream().filter(notDone::contains).count());
        figures.put(
                "slowest_ack_ms",
                during.stream()
                        .filter(each -> each.outcome() == Outcome.ACKNOWLEDGED)
                        .mapToLong(Submission::tookMillis)
                        .max()
                        .orElse(-1));
        figures.put("jobs_not_succeeded", checks.notSucceeded());
        figures.put("jobs_lost", checks.lost());
        figures.put("jobs_doubled", load.doubled());
        figures.put("stale_commits", checks.stale().size());
        figures.put("ended_twice", checks.endedTwice().size());
        figures.put("duplicate_effects", checks.repeatedEffects());
        return figures;
    }

    /** A change of a status needs a lock; an insert of a new job does not. */
    private long resumed(Cluster cluster, Checks checks, long endedMillis) {
        return checks.writes().stream()
                .filter(write -> write.atMillis() >= endedMillis && write.oldStatus() != null)
                .filter(write -> affected.stream()
                        .anyMatch(number -> cluster.server(number).id().equals(write.server())))
                .mapToLong(write -> write.atMillis() - endedMillis)
                .min()
                .orElse(-1);
    }

    private static long exits(Cluster cluster, OozieServer killed) {
        return cluster.servers().stream()
                .filter(server -> server != killed && !server.isAlive())
                .count();
    }
}
