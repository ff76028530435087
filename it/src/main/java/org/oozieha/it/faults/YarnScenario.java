package org.oozieha.it.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.YarnApplication;
import org.oozieha.it.harness.ZooKeeperView;

/**
 * (g) Shell actions on a real YARN while one of the three servers that submit them is killed and one is paused for longer than its session,
 * both at each {@link SubmissionPoint} at once. YARN is full of running actions until the third server has started again what the two were
 * submitting, so what they had submitted is still queued then, as on a busy cluster.
 */
final class YarnScenario implements Scenario {
    static final List<ServerFault> FAULTS =
            Collections.unmodifiableList(Arrays.asList(ServerFault.KILL, ServerFault.PAUSE));

    private static final int SERVERS = 3;
    private static final Duration ALL_HELD = Duration.ofMinutes(3);
    private static final Duration OTHER_STARTS = Duration.ofMinutes(5);
    private static final Duration OTHER_FINISHES = Duration.ofMinutes(2);
    private static final Duration GOES_ON = Duration.ofMinutes(2);
    private static final Duration ALL_ENDED = Duration.ofMinutes(1);
    private static final Duration APPLICATIONS_ENDED = Duration.ofMinutes(5);
    private static final Duration AFTERMATH = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "yarn";
    }

    @Override
    public String title() {
        return "kill -9 of one server and SIGSTOP of another before, during and after their submissions to a full YARN";
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
                .withHadoop(SERVERS);
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        OozieServer killed = cluster.server(1);
        OozieServer paused = cluster.server(2);
        ShellJobs jobs = new ShellJobs(cluster, arena.number());
        submit(cluster, jobs, SubmissionPoint.RUNNING);
        submit(
                cluster,
                jobs,
                SubmissionPoint.BEFORE,
                SubmissionPoint.PREPARED,
                SubmissionPoint.DURING,
                SubmissionPoint.AFTER);
        arena.says("kill of " + killed.id() + ", pause of " + paused.id());
        long hitAtMillis = System.currentTimeMillis();
        killed.kill();
        paused.pause();
        Map<String, Number> figures = new LinkedHashMap<>();
        awaitStartElsewhere(jobs, hitAtMillis, figures);
        jobs.jobs().stream().filter(job -> !job.point().parks()).forEach(jobs::letGo);
        resumeWhenTheOtherHasFinished(arena, jobs, paused);
        awaitEnd(cluster, jobs);
        for (ServerFault fault : FAULTS) {
            figures.put(fault.key() + "_all_finished_ms", lastChange(cluster, jobs, fault) - hitAtMillis);
        }
        figures.put("exits", paused.isAlive() ? 0 : 1);
        new YarnTally(cluster, jobs).put(figures, arena::says);
        return figures;
    }

    /** Returns when each server is held at each of the points. */
    private static void submit(Cluster cluster, ShellJobs jobs, SubmissionPoint... points) {
        List<ShellJob> submitted = new ArrayList<>();
        for (SubmissionPoint point : points) {
            submitted.add(jobs.submit(cluster.server(1), ServerFault.KILL, point));
            submitted.add(jobs.submit(cluster.server(2), ServerFault.PAUSE, point));
            submitted.add(jobs.submit(cluster.server(3), ServerFault.NONE, point));
        }
        String held = "each server is held at each of " + Arrays.toString(points);
        boolean all = Waiting.forValue(held, ALL_HELD, () -> {
            boolean ended = submitted.stream().anyMatch(jobs::hasEnded);
            return ended || submitted.stream().allMatch(jobs::isAtItsPoint) ? !ended : null;
        });
        if (!all) {
            throw new IllegalStateException(held + ": some have ended instead: " + jobs.statuses());
        }
    }

    /** Lets all go that were held in a submission, and returns when the server that is left has started what the two were submitting. */
    private static void awaitStartElsewhere(ShellJobs jobs, long hitAtMillis, Map<String, Number> figures) {
        List<ShellJob> held =
                jobs.jobs().stream().filter(job -> job.point().parks()).collect(Collectors.toList());
        held.forEach(jobs::letGo);
        Waiting.happens("the other starts what the two were submitting", OTHER_STARTS, () -> held.stream()
                .allMatch(job -> job.fault() == ServerFault.NONE
                        || jobs.startedElsewhereAtMillis(job).isPresent()));
        for (ServerFault fault : FAULTS) {
            long last = held.stream()
                    .filter(job -> job.fault() == fault)
                    .mapToLong(job -> jobs.startedElsewhereAtMillis(job).orElseGet(System::currentTimeMillis))
                    .max()
                    .orElseThrow(IllegalStateException::new);
            figures.put(fault.key() + "_started_elsewhere_ms", last - hitAtMillis);
        }
    }

    private static void resumeWhenTheOtherHasFinished(Arena arena, ShellJobs jobs, OozieServer paused) {
        try (ZooKeeperView view = arena.cluster().zooKeeperView()) {
            Waiting.until("the session of " + paused.id() + " is over", Duration.ofMinutes(1), () -> !view.servers()
                    .contains(paused.id()));
        }
        boolean finished = Waiting.happens("the other finishes everything", OTHER_FINISHES, jobs::allEnded);
        arena.says("SIGCONT, " + (finished ? "all jobs have ended" : "not all jobs have ended"));
        paused.resume();
        Waiting.until(
                "what was held on " + paused.id() + " goes on",
                GOES_ON,
                () -> !paused.isAlive()
                        || jobs.jobs().stream()
                                .filter(job -> job.fault() == ServerFault.PAUSE)
                                .allMatch(jobs::hasLeft));
    }

    /** Until all jobs and applications have ended, and what a server does wrongly afterwards has had its time. */
    private static void awaitEnd(Cluster cluster, ShellJobs jobs) {
        Waiting.happens("all jobs end", ALL_ENDED, jobs::allEnded);
        Waiting.happens("an aftermath goes by", AFTERMATH, () -> false);
        Waiting.until("all applications end", APPLICATIONS_ENDED, () -> cluster.hadoop().applications().stream()
                .allMatch(YarnApplication::isOver));
    }

    private static long lastChange(Cluster cluster, ShellJobs jobs, ServerFault fault) {
        return jobs.jobs().stream()
                .filter(job -> job.fault() == fault)
                .mapToLong(job -> cluster.audit().lastStatusChange(job.id()))
                .max()
                .orElseThrow(IllegalStateException::new);
    }
}
