package org.oozieha.it.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.StatusWrite;
import org.oozieha.it.report.Figures;
import org.oozieha.it.report.Html;
import org.oozieha.it.report.StepRun;
import org.oozieha.it.report.Timeline;

/** The demo's run as a page: what was killed, what went on where, the figures. Asks the running cluster once. */
final class DemoReport {
    private static final List<String> STEPS =
            Arrays.asList("prepare", "choose", "both", "left", "right", "meet", "child");

    private static final int LOGS = 20;

    private final Cluster cluster;
    private final DemoStory story;
    private final List<StatusWrite> writes;
    private final List<StepRun> runs;
    private final Figures figures = new Figures();

    DemoReport(Cluster cluster, DemoStory story) {
        this.cluster = cluster;
        this.story = story;
        this.writes = cluster.audit().writesOf("");
        this.runs = StepRun.of(cluster.effects(), story.takeover().killedAtMillis());
        count();
    }

    private void count() {
        List<String> jobs = story.workload().jobs();
        Set<String> logs = jobsToReadLogsOf();
        long killed = story.takeover().killedAtMillis();
        figures.put("demo.jobs", jobs.size(), "jobs submitted through the load balancer")
                .put("demo.jobs_succeeded", story.workload().count("SUCCEEDED"), "of them succeeded")
                .put("demo.locks_held_at_kill", story.takeover().heldLocks().size(), "locks the killed server held")
                .put(
                        "demo.departure_seen_ms",
                        story.departed().toMillis(),
                        "kill until ZooKeeper dropped the server (ms)")
                .put("demo.takeover_seen_ms", story.takenOver().toMillis(), "kill until another server went on (ms)")
                .put("demo.all_finished_ms", story.finishedMillis() - killed, "kill until every job had ended (ms)")
                .put(
                        "demo.jobs_moved",
                        story.takeover().firstWritesOfOthers().size(),
                        "locked jobs others went on with")
                .put("demo.ids_duplicate", jobs.size() - new HashSet<>(jobs).size(), "job ids issued twice")
                .put(
                        "demo.stale_commits",
                        writes.stream().filter(StatusWrite::isStale).count(),
                        "ended rows changed again")
                .put(
                        "demo.logs_compared",
                        logs.size(),
                        "job logs read through the load balancer and compared with the files")
                .put("demo.log_lines_missing", JobLog.linesMissing(cluster, logs), "lines missing in them")
                .put("demo.start_ms", story.startTook().toMillis(), "start of the whole cluster (ms)");
    }

    /** The jobs the victim had locked, and others up to a number that does not take long. */
    private Set<String> jobsToReadLogsOf() {
        Set<String> jobs = new TreeSet<>(lockedJobs());
        story.workload().jobs().stream()
                .filter(job -> !jobs.contains(job))
                .limit(Math.max(0, LOGS - jobs.size()))
                .forEach(jobs::add);
        return jobs;
    }

    Figures figures() {
        return figures;
    }

    String summary() {
        return figures.value("demo.jobs_succeeded") + " of " + figures.value("demo.jobs") + " jobs succeeded; "
                + story.takeover().victim().id() + " was killed holding " + figures.value("demo.locks_held_at_kill")
                + " locks, its jobs went on elsewhere after " + figures.value("demo.takeover_seen_ms") + " ms; "
                + figures.value("demo.ids_duplicate") + " duplicate ids, " + figures.value("demo.stale_commits")
                + " stale commits, " + figures.value("demo.log_lines_missing") + " log lines missing";
    }

    String markdown() {
        return "# Demo: a server is killed\n\n" + summary() + ".\n\n" + figures.markdown() + "\n"
                + "The picture of servers over time is in report.html.\n";
    }

    String html() {
        StringBuilder body = new StringBuilder();
        body.append("<p class=\"lead\">").append(Html.text(summary())).append(".</p>\n<div class=\"tiles\">");
        body.append(
                Html.tile(figures.value("demo.jobs_succeeded") + " / " + figures.value("demo.jobs"), "jobs succeeded"));
        body.append(Html.tile(seconds("demo.takeover_seen_ms"), "until others went on"));
        body.append(Html.tile(seconds("demo.all_finished_ms"), "until all had ended"));
        body.append(Html.tile(figures.value("demo.ids_duplicate").toString(), "duplicate ids"));
        body.append(Html.tile(figures.value("demo.stale_commits").toString(), "stale commits"));
        body.append(Html.tile(figures.value("demo.log_lines_missing").toString(), "log lines missing"));
        body.append("</div>\n<h2>Servers over time</h2>\n").append(picture()).append(Timeline.legend());
        body.append("<h2>The jobs ")
                .append(story.takeover().victim().id())
                .append(" had locked when it was killed</h2>\n");
        body.append(
                "<p>Which server finished which step. Steps in red were finished before the kill by the server that "
                        + "was killed; the others ran elsewhere.</p>\n");
        body.append(movedJobs());
        body.append("<h2>Steps per server</h2>\n").append(stepsPerServer());
        body.append("<h2>Figures</h2>\n").append(figures.html());
        body.append(
                "<p class=\"small\">Times are wall clock of this machine. Which server wrote what comes from a trigger in "
                        + "the database (each server names itself in its connection), the bars from a file system that writes down "
                        + "each change before and after; locks are read in ZooKeeper while the victim is stopped, an instant before "
                        + "kill -9. A stale commit is a write that gives an ended job or action another status.</p>\n");
        return Html.page("Three stock Oozie servers, one killed", body.toString());
    }

    private String seconds(String key) {
        return String.format(java.util.Locale.ROOT, "%.1f s", figures.value(key).longValue() / 1000.0);
    }

    private String picture() {
        List<String> servers = cluster.servers().stream().map(OozieServer::id).collect(Collectors.toList());
        long killed = story.takeover().killedAtMillis();
        String victim = story.takeover().victim().id();
        Timeline timeline = new Timeline(servers, runs, story.firstSubmissionMillis() - 500, story.backMillis() + 500);
        timeline.down(victim, killed, story.backMillis());
        story.takeover()
                .firstWritesOfOthers()
                .forEach(write -> timeline.moved(victim, killed, write.server(), write.atMillis()));
        return timeline.mark(killed, "kill -9 " + victim, "#d1352b")
                .mark(killed + story.departed().toMillis(), "ZooKeeper drops it", "#8a5a00")
                .mark(killed + story.takenOver().toMillis(), "its jobs go on", "#1f6f43")
                .mark(story.backMillis(), victim + " is back", "#1c2733")
                .mark(story.finishedMillis(), "all jobs ended", "#1c2733")
                .svg();
    }

    private String movedJobs() {
        String victim = story.takeover().victim().id();
        StringBuilder table = new StringBuilder("<table><tr><th>job</th>");
        STEPS.forEach(step -> table.append("<th>").append(step).append("</th>"));
        table.append("<th>status</th></tr>\n");
        Map<String, String> statuses = story.workload().statuses();
        for (String job : lockedJobs()) {
            Map<String, String> finishers = finishers(job);
            table.append("<tr><td>").append(job).append("</td>");
            for (String step : STEPS) {
                String server = finishers.getOrDefault(step, "-");
                table.append(server.equals(victim) ? "<td class=\"dead\">" : "<td>")
                        .append(server)
                        .append("</td>");
            }
            table.append("<td>")
                    .append(statuses.getOrDefault(job, "sub-workflow"))
                    .append("</td></tr>\n");
        }
        return table.append("</table>\n").toString();
    }

    private List<String> lockedJobs() {
        return new ArrayList<>(story.takeover().heldLocks().stream()
                .map(key -> key.split("@", 2)[0])
                .filter(story.workload().jobs()::contains)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private Map<String, String> finishers(String job) {
        Map<String, String> finishers = new LinkedHashMap<>();
        for (StatusWrite write : writes) {
            if (write.id().startsWith(job + "@") && write.newStatus().equals("OK") && write.changesStatus()) {
                finishers.put(write.id().substring(job.length() + 1), write.server());
            }
        }
        return finishers;
    }

    private String stepsPerServer() {
        Map<String, long[]> counts = new TreeMap<>();
        long killed = story.takeover().killedAtMillis();
        for (StepRun run : runs) {
            long[] count = counts.computeIfAbsent(run.server(), server -> new long[3]);
            count[!run.finished() ? 2 : run.toMillis() <= killed ? 0 : 1]++;
        }
        StringBuilder table = new StringBuilder("<table><tr><th>server</th><th>finished before the kill</th>"
                + "<th>finished after it</th><th>cut off</th></tr>\n");
        counts.forEach((server, count) -> {
            table.append("<tr><td>").append(server).append("</td>");
            for (long n : count) {
                table.append("<td class=\"number\">").append(n).append("</td>");
            }
            table.append("</tr>\n");
        });
        return table.append("</table>\n").toString();
    }
}
