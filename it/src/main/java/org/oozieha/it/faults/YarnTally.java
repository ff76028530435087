package org.oozieha.it.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.Narrator;
import org.oozieha.it.harness.StatusWrite;
import org.oozieha.it.harness.YarnApplication;

/** What became of shell jobs, by the database, the audit trail, the resource manager, the load balancer and the commands themselves. */
final class YarnTally {
    private final Cluster cluster;
    private final List<ShellJob> jobs;
    private final ShellJobs shell;
    private final Map<String, String> statuses;
    private final Map<String, List<YarnApplication>> applications;

    YarnTally(Cluster cluster, ShellJobs shell) {
        this.cluster = cluster;
        this.jobs = shell.jobs();
        this.shell = shell;
        this.statuses = shell.statuses();
        this.applications =
                cluster.hadoop().applications().stream().collect(Collectors.groupingBy(YarnApplication::action));
    }

    static List<Measure> measures() {
        List<Measure> measures = new ArrayList<>(Arrays.asList(
                Measure.of("jobs", "workflows, each with one shell action"),
                Measure.of("jobs_not_succeeded", "of them not SUCCEEDED")
                        .atMost(0)
                        .stockFails(),
                Measure.of("actions_not_ok", "actions that are not OK").atMost(0),
                Measure.of("actions_ok_twice", "actions that became OK more than once")
                        .atMost(0),
                Measure.of("stale_commits", "ended rows changed again").atMost(0),
                Measure.of("duplicate_succeeded", "applications SUCCEEDED beyond one per action")
                        .atMost(0)
                        .stockFails(),
                Measure.of("extra_shell_runs", "runs of the command beyond one per action")
                        .atMost(0),
                Measure.of("extra_applications", "applications beyond one per action"),
                Measure.of("callbacks", "callbacks through the load balancer").atLeast(1),
                Measure.of("actions_without_callback", "actions without one"),
                Measure.of("exits", "servers that ended after SIGCONT").atMost(0)));
        for (ServerFault fault : YarnScenario.FAULTS) {
            measures.add(Measure.of(
                    fault.key() + "_started_elsewhere_ms",
                    fault.key() + " until others had started all that the server was submitting"));
            measures.add(Measure.of(fault.key() + "_all_finished_ms", fault.key() + " until the last job ended"));
            for (SubmissionPoint point : SubmissionPoint.values()) {
                measures.add(
                        Measure.of(extraAt(fault, point), "extra applications, " + fault.key() + " " + point.key()));
            }
        }
        return measures;
    }

    private static String extraAt(ServerFault fault, SubmissionPoint point) {
        return "extra_applications_" + fault.key() + "_" + point.key();
    }

    /** Adds the figures, and tells of each job with more than one application or another end than it should have. */
    void put(Map<String, Number> figures, Narrator narrator) {
        Map<String, String> actionStatuses = shell.actionStatuses();
        List<String> callbacks = cluster.balancer().callbacks();
        figures.put("jobs", jobs.size());
        figures.put("jobs_not_succeeded", sum(jobs, job -> succeeded(job) ? 0 : 1));
        figures.put("actions_not_ok", sum(jobs, job -> "OK".equals(actionStatuses.get(job.action())) ? 0 : 1));
        figures.put("actions_ok_twice", sum(jobs, job -> timesOk(job) > 1 ? 1 : 0));
        figures.put("stale_commits", sum(jobs, this::staleCommits));
        figures.put("duplicate_succeeded", sum(jobs, job -> beyondOne(timesSucceeded(job))));
        figures.put("extra_shell_runs", sum(jobs, job -> beyondOne(shell.runs(job))));
        figures.put("extra_applications", sum(jobs, this::extra));
        figures.put("callbacks", sum(jobs, job -> Collections.frequency(callbacks, job.action())));
        figures.put("actions_without_callback", sum(jobs, job -> callbacks.contains(job.action()) ? 0 : 1));
        for (ServerFault fault : YarnScenario.FAULTS) {
            for (SubmissionPoint point : SubmissionPoint.values()) {
                List<ShellJob> some = jobs.stream()
                        .filter(job -> job.fault() == fault && job.point() == point)
                        .collect(Collectors.toList());
                figures.put(extraAt(fault, point), sum(some, this::extra));
            }
        }
        tellOfTheOdd(narrator);
    }

    private void tellOfTheOdd(Narrator narrator) {
        for (ShellJob job : jobs) {
            if (extra(job) > 0 || staleCommits(job) > 0 || !succeeded(job)) {
                narrator.says(job + " " + statuses.get(job.id()) + ", " + shell.runs(job) + " run(s)");
                of(job).forEach(application -> narrator.says("    " + application));
                cluster.audit().writesOf(job.id()).stream()
                        .filter(StatusWrite::changesStatus)
                        .forEach(write -> narrator.says("    " + write));
            }
        }
    }

    private boolean succeeded(ShellJob job) {
        return "SUCCEEDED".equals(statuses.get(job.id()));
    }

    private List<YarnApplication> of(ShellJob job) {
        return applications.getOrDefault(job.action(), Collections.emptyList());
    }

    private long extra(ShellJob job) {
        return beyondOne(of(job).size());
    }

    private long timesSucceeded(ShellJob job) {
        return of(job).stream().filter(YarnApplication::succeeded).count();
    }

    private long timesOk(ShellJob job) {
        return cluster.audit().writesOf(job.action()).stream()
                .filter(write -> write.changesStatus() && write.newStatus().equals("OK"))
                .count();
    }

    private long staleCommits(ShellJob job) {
        return cluster.audit().writesOf(job.id()).stream()
                .filter(StatusWrite::isStale)
                .count();
    }

    private static long beyondOne(long count) {
        return Math.max(0, count - 1);
    }

    private static long sum(List<ShellJob> jobs, ToLongFunction<ShellJob> count) {
        return jobs.stream().mapToLong(count).sum();
    }
}
