package org.oozieha.it.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.LinkProxy;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.SteadyLoad;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;

/**
 * (b, mode database) A host is gone between its writes and their fenced COMMIT: the database keeps the connection, and with it the locks on
 * the rows that were written, but not the one on the row that the others have to mark before they may be granted the dead server's locks.
 */
final class DeadHost implements Scenario {
    private static final int WORKFLOWS = 12;
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration NEVER_NOTICED = Duration.ofSeconds(40);
    private static final String OPTIONS = "&options=-c%20tcp_keepalives_idle=4%20-c%20tcp_keepalives_interval=2"
            + "%20-c%20tcp_keepalives_count=2%20-c%20idle_in_transaction_session_timeout=10000";

    // else the driver sends the number of a prepared statement, which nobody on the way can tell from others
    private static final String COMMIT_IN_WORDS = "&prepareThreshold=0";

    private final boolean withOptions;

    private DeadHost(boolean withOptions) {
        this.withOptions = withOptions;
    }

    /** PostgreSQL is asked, as in the sample configuration, to end what hangs in a transaction for a session timeout. */
    static DeadHost withTheSamplesOptions() {
        return new DeadHost(true);
    }

    /** PostgreSQL notices nothing until the connection ends after 40 s. */
    static DeadHost withoutThem() {
        return new DeadHost(false);
    }

    @Override
    public String name() {
        return withOptions ? "dead_host" : "dead_host_no_options";
    }

    @Override
    public String title() {
        return "oozie.ha.fencing=database: a host is gone between its writes and the fenced COMMIT; the JDBC URL "
                + (withOptions
                        ? "has the sample's options"
                        : "has no options, the database keeps the connection for " + NEVER_NOTICED.getSeconds() + " s");
    }

    @Override
    public boolean withStock() {
        return false;
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        ClusterSettings settings = Scenario.super.settings(side).withLinks().property("oozie.ha.fencing", "database");
        return settings.databaseOptions(withOptions ? OPTIONS + COMMIT_IN_WORDS : COMMIT_IN_WORDS);
    }

    @Override
    public List<Measure> measures() {
        Measure wentOn = Measure.of("went_on_ms", "loss of the host until another server went on with one of its jobs")
                .atLeast(0);
        Duration promised = SESSION.plusSeconds(5).plusSeconds(10);
        return Arrays.asList(
                Measure.of("jobs_of_its", "unfinished jobs it was working on").atLeast(1),
                wentOn.atMost(promised.toMillis()),
                Measure.of("row_named", "warnings that name the row that cannot be marked")
                        .atMost(0),
                Measure.of("stale_commits", "ended rows changed again").atMost(0),
                Measure.of("ended_twice", "jobs and actions that ended twice").atMost(0),
                Measure.of("jobs_not_succeeded", "jobs that did not succeed").atMost(0),
                Measure.of("all_finished_ms", "loss of the host until all had succeeded"));
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        OozieServer dead = cluster.server(arena.number() % 3 + 1);
        LinkProxy toDatabase = cluster.links(arena.number() % 3 + 1).toDatabase();
        long warnedBefore = warnings(cluster);
        Workload workload = arena.workload();
        workload.workflows(arena.unique("host"), WORKFLOWS, HOLD, done -> {});
        SteadyLoad load = SteadyLoad.start(
                workload,
                arena.unique("steady"),
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20));
        toDatabase.blackHoleBetween("UPDATE WF_", "for share");
        Waiting.until("a fenced COMMIT is on its way", Duration.ofSeconds(60), toDatabase::isBlackHole);
        if (!isInATransaction(cluster, dead)) {
            throw new IllegalStateException(dead.id() + " was cut off without an open transaction");
        }
        dead.kill();
        long lost = System.currentTimeMillis();
        Set<String> jobs = jobsLastWrittenBy(dead, cluster, workload);
        arena.says(dead.id() + " is gone, in the middle of " + jobs.size() + " jobs");
        if (!withOptions) {
            Waiting.letPass(NEVER_NOTICED);
        } else {
            Waiting.until(
                    "another server goes on", Duration.ofSeconds(60), () -> wentOn(cluster, dead, jobs, lost) >= 0);
        }
        toDatabase.cut();
        toDatabase.heal();
        load.stop();
        workload.addAll(load.foundByName());
        Waiting.until(
                "all jobs have succeeded",
                Duration.ofMinutes(3),
                () -> workload.count("SUCCEEDED") == workload.jobs().size());
        Checks checks = Checks.of(cluster, workload.jobs());
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("jobs_of_its", jobs.size());
        figures.put("went_on_ms", wentOn(cluster, dead, jobs, lost));
        figures.put("row_named", warnings(cluster) - warnedBefore);
        figures.put("stale_commits", checks.stale().size());
        figures.put("ended_twice", checks.endedTwice().size());
        figures.put("jobs_not_succeeded", checks.notSucceeded());
        figures.put("all_finished_ms", System.currentTimeMillis() - lost);
        return figures;
    }

    private static boolean isInATransaction(Cluster cluster, OozieServer server) {
        return cluster.database()
                        .number(
                                "SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND state ="
                                        + " 'idle in transaction'",
                                server.id())
                > 0;
    }

    private static Set<String> jobsLastWrittenBy(OozieServer server, Cluster cluster, Workload workload) {
        Map<String, String> last = new LinkedHashMap<>();
        Checks.of(cluster, workload.jobs()).writes().forEach(write -> last.put(job(write.id()), write.server()));
        Map<String, String> statuses = workload.statuses();
        Set<String> jobs = new HashSet<>(last.keySet());
        jobs.removeIf(job -> !last.get(job).equals(server.id()) || "SUCCEEDED".equals(statuses.get(job)));
        return jobs;
    }

    private static String job(String id) {
        return id.split("@", 2)[0];
    }

    /** -1 while nobody has. */
    private static long wentOn(Cluster cluster, OozieServer dead, Set<String> jobs, long lostMillis) {
        return Checks.of(cluster, jobs).writes().stream()
                .filter(write ->
                        write.atMillis() > lostMillis && !write.server().equals(dead.id()))
                .mapToLong(write -> write.atMillis() - lostMillis)
                .min()
                .orElse(-1);
    }

    private static long warnings(Cluster cluster) {
        return cluster.servers().stream()
                .flatMap(server -> server.logLines().stream())
                .filter(line -> line.contains(" WARN ") && line.contains(" row=") && line.contains("oozie-"))
                .count();
    }
}
