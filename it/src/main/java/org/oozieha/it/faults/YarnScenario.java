package org.oozieha.it.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.YarnApplication;
import org.oozieha.it.harness.ZooKeeperView;

/**
 * (g) Shell actions on a real YARN while the server that submits them is killed, and while it is paused for longer than its session, at each
 * {@link SubmissionPoint} at once. YARN is full of running actions until others have started again what the server was submitting, so what
 * it had submitted is still queued then, as on a busy cluster.
 */
final class YarnScenario implements Scenario {
    private static final int SERVERS = 3;
    private static final int JOBS_PER_POINT = 1;
    private static final Duration ALL_HELD = Duration.ofMinutes(3);
    private static final Duration OTHERS_START = Duration.ofMinutes(5);
    private static final Duration OTHERS_FINISH = Duration.ofMinutes(3);
    private static final Duration ALL_ENDED = Duration.ofMinutes(12);
    private static final Duration AFTERMATH = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "yarn";
    }

    @Override
    public String title() {
        return "kill -9, and SIGSTOP for longer than the session, of a server before, during and after its submissions to a full YARN";
    }

    @Override
    public List<Measure> measures() {
        return YarnTally.measures();
    }

    @Override
    public boolean isHeavy() {
        return true;
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return new ClusterSettings()
                .servers(SERVERS, side)
                .session(SESSION)
                .manyAtOnce()
                .withHadoop(SERVERS * JOBS_PER_POINT);
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        ShellJobs jobs = new ShellJobs(arena.cluster(), arena.number());
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("exits", 0);
        hit(arena, jobs, arena.cluster().server(1), ServerFault.KILL, figures);
        hit(arena, jobs, arena.cluster().server(2), ServerFault.PAUSE, figures);
        new YarnTally(arena.cluster(), jobs).put(figures, arena::says);
        return figures;
    }

    private static void hit(
            Arena arena, ShellJobs jobs, OozieServer victim, ServerFault fault, Map<String, Number> figures) {
        Cluster cluster = arena.cluster();
        List<ShellJob> running = submit(cluster, jobs, fault, SubmissionPoint.RUNNING);
        List<ShellJob> parked = submit(
                cluster,
                jobs,
                fault,
                SubmissionPoint.BEFORE,
                SubmissionPoint.PREPARED,
                SubmissionPoint.DURING,
                SubmissionPoint.AFTER);
        arena.says(fault.key() + " of " + victim.id());
        long hitAtMillis = System.currentTimeMillis();
        if (fault == ServerFault.KILL) {
            victim.kill();
        } else {
            victim.pause();
        }
        parked.forEach(jobs::letGo);
        List<ShellJob> left =
                parked.stream().filter(job -> job.server() == victim).collect(Collectors.toList());
        awaitOrGoOn("others start what " + victim.id() + " was submitting", OTHERS_START, () -> left.stream()
                .allMatch(jobs::isStartedElsewhere));
        figures.put(fault.key() + "_started_elsewhere_ms", System.currentTimeMillis() - hitAtMillis);
        running.forEach(jobs::letGo);
        if (fault == ServerFault.PAUSE) {
            resumeWhenOthersHaveFinished(arena, jobs, victim);
        }
        awaitEnd(cluster, jobs);
        figures.put(fault.key() + "_all_finished_ms", lastChange(cluster, jobs, fault) - hitAtMillis);
        if (fault == ServerFault.PAUSE && !victim.isAlive()) {
            figures.put("exits", 1);
        }
        cluster.makeWhole();
    }

    /** Returns when each server is held at each of the points. */
    private static List<ShellJob> submit(
            Cluster cluster, ShellJobs jobs, ServerFault fault, SubmissionPoint... points) {
        List<ShellJob> submitted = new ArrayList<>();
        for (SubmissionPoint point : points) {
            for (OozieServer server : cluster.servers()) {
                for (int i = 0; i < JOBS_PER_POINT; i++) {
                    submitted.add(jobs.submit(server, fault, point));
                }
            }
        }
        Waiting.until("each server is held at each of " + Arrays.toString(points), ALL_HELD, () -> submitted.stream()
                .allMatch(jobs::isAtItsPoint));
        return submitted;
    }

    private static void resumeWhenOthersHaveFinished(Arena arena, ShellJobs jobs, OozieServer victim) {
        try (ZooKeeperView view = arena.cluster().zooKeeperView()) {
            Waiting.until("the session of " + victim.id() + " is over", Duration.ofMinutes(1), () -> !view.servers()
                    .contains(victim.id()));
        }
        boolean finished = awaitOrGoOn("others finish everything", OTHERS_FINISH, jobs::allEnded);
        arena.says("SIGCONT, " + (finished ? "all jobs have ended" : "not all jobs have ended"));
        victim.resume();
        Waiting.until(
                "what was held on " + victim.id() + " goes on",
                Duration.ofMinutes(2),
                () -> !victim.isAlive()
                        || jobs.jobs().stream()
                                .filter(job -> job.server() == victim && job.fault() == ServerFault.PAUSE)
                                .allMatch(jobs::hasLeft));
    }

    /** Until all jobs and applications have ended, and what a server does wrongly afterwards has had its time. */
    private static void awaitEnd(Cluster cluster, ShellJobs jobs) {
        awaitOrGoOn("all jobs end", ALL_ENDED, jobs::allEnded);
        awaitOrGoOn("half a minute goes by", AFTERMATH, () -> false);
        Waiting.until("all applications end", ALL_ENDED, () -> cluster.hadoop().applications().stream()
                .allMatch(YarnApplication::isOver));
    }

    private static long lastChange(Cluster cluster, ShellJobs jobs, ServerFault fault) {
        return jobs.jobs().stream()
                .filter(job -> job.fault() == fault)
                .mapToLong(job -> cluster.audit().lastStatusChange(job.id()))
                .max()
                .orElseThrow(IllegalStateException::new);
    }

    /** What does not happen is a figure, not a failure. Returns whether it happened. */
    private static boolean awaitOrGoOn(String what, Duration bound, BooleanSupplier condition) {
        long limit = System.nanoTime() + Waiting.scaled(bound).toNanos();
        return Waiting.forValue(
                what + ", or has had its time",
                bound.multipliedBy(2),
                () -> condition.getAsBoolean() ? Boolean.TRUE : System.nanoTime() > limit ? Boolean.FALSE : null);
    }
}
