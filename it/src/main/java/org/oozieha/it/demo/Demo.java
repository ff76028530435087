package org.oozieha.it.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieCommand;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Takeover;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.report.ReportFiles;

/**
 * Runs three stock Oozie servers with the pack dropped in, sixty workflows and a coordinator, kills the leader with
 * {@code kill -9}, and writes {@code it/target/demo/report.html}.
 *
 * <p>System properties: {@code demo.keep} (leave the cluster up until Enter), {@code demo.services} (PACK, or STOCK to see
 * the same story with what Oozie ships).
 */
public final class Demo {
    private static final int WORKFLOWS = 60;
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration SESSION = Duration.ofSeconds(10);

    private final Console console;
    private final HaServices services;

    private Demo(Console console, HaServices services) {
        this.console = console;
        this.services = services;
    }

    public static void main(String[] arguments) throws IOException {
        HaServices services = HaServices.valueOf(System.getProperty("demo.services", "PACK"));
        new Demo(new Console(System.out), services).run(Boolean.getBoolean("demo.keep"));
    }

    private void run(boolean keep) throws IOException {
        Workspace workspace = Workspace.emptied("demo");
        long started = System.nanoTime();
        console.says("Logs and everything else of this run: " + workspace.dir());
        ClusterSettings settings = new ClusterSettings()
                .servers(3, services)
                .session(SESSION)
                .quickRecovery()
                .manyAtOnce();
        try (Cluster cluster = Cluster.start(workspace, settings, console)) {
            Duration startTook = Duration.ofNanos(System.nanoTime() - started);
            DemoStory story = tell(cluster, startTook);
            console.says("Reading job logs through the load balancer and comparing them with the servers' files");
            ReportFiles files = new ReportFiles(workspace.dir());
            DemoReport report = new DemoReport(cluster, story);
            files.write(report.markdown(), report.html(), report.figures());
            console.says(report.summary());
            console.says("Report: " + files.html());
            if (keep) {
                keepUntilEnter(cluster, story);
            }
        }
        console.says("Everything is stopped.");
    }

    private DemoStory tell(Cluster cluster, Duration startTook) {
        console.says("All servers are up and in the load balancer "
                + cluster.balancer().url() + " after " + startTook.toMillis() + " ms");
        Workload workload = new Workload(cluster);
        long firstSubmission = System.currentTimeMillis();
        console.says("Submitting a coordinator with one action a minute and " + WORKFLOWS
                + " workflows (file system actions, decision, fork and join, sub-workflow)");
        workload.coordinator("every-minute", 2);
        workload.workflows("job", WORKFLOWS, HOLD, done -> console.progress(done, WORKFLOWS, "submitted"));
        Waiting.until("no job is in PREP", Duration.ofSeconds(120), () -> {
            showProgress(cluster, workload);
            return workload.count("PREP") == 0;
        });
        Takeover takeover = Takeover.ofLeader(cluster, Duration.ofSeconds(60));
        OozieServer victim = takeover.victim();
        console.says("kill -9 of " + victim.id() + ", the leader, which held "
                + takeover.heldLocks().size() + " locks of " + "jobs at that instant");
        Duration departed = takeover.awaitDeparture(Duration.ofSeconds(120));
        console.says("ZooKeeper dropped " + victim.id() + " " + departed.toMillis() + " ms after the kill; oozie admin"
                + " -servers through the load balancer shows:");
        OozieCommand.linesWith(new OozieCommand(cluster).run("admin", "-servers"), " : http")
                .forEach(line -> console.prints("             " + line));
        Duration takenOver = takeover.awaitFirstProgress(Duration.ofSeconds(240));
        console.says("Its jobs go on elsewhere: first progress " + takenOver.toMillis() + " ms after the kill");
        Waiting.until("all jobs end", Duration.ofSeconds(300), () -> {
            showProgress(cluster, workload);
            return workload.statuses().values().stream()
                    .noneMatch(status -> status.equals("RUNNING") || status.equals("PREP"));
        });
        long finished = System.currentTimeMillis();
        console.says("All jobs have ended: " + counts(workload));
        console.says("A supervisor starts " + victim.id() + " again");
        victim.start();
        victim.awaitReady();
        Waiting.until(
                "the restarted server is in the load balancer",
                Duration.ofSeconds(90),
                () -> cluster.balancer().serversIn().size() == cluster.servers().size());
        long back = System.currentTimeMillis();
        console.says("All three servers are in the load balancer again");
        return new DemoStory(workload, takeover, startTook, departed, takenOver, firstSubmission, finished, back);
    }

    private void showProgress(Cluster cluster, Workload workload) {
        String live = cluster.liveServers().stream().map(OozieServer::id).collect(Collectors.joining(", "));
        console.progress(workload.count("SUCCEEDED"), workload.jobs().size(), "jobs succeeded; live servers: " + live);
    }

    private static Map<String, Long> counts(Workload workload) {
        return workload.statuses().values().stream()
                .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
    }

    private void keepUntilEnter(Cluster cluster, DemoStory story) throws IOException {
        OozieCommand oozie = new OozieCommand(cluster);
        List<String> jobs = story.workload().jobs();
        console.says(
                "The cluster stays up. Load balancer: " + cluster.balancer().url());
        cluster.servers()
                .forEach(server ->
                        console.prints("  " + server + ", process " + server.pid() + ", logs in " + server.logs()));
        console.prints("Try:");
        console.prints("  " + oozie.line("admin", "-servers"));
        console.prints("  " + oozie.line("jobs"));
        console.prints("  " + oozie.line("job", "-info", jobs.get(1)));
        console.prints("  " + oozie.line("job", "-log", jobs.get(1)));
        console.prints("  kill -9 " + cluster.server(1).pid());
        console.prints("Enter stops it.");
        int read = System.in.read();
        console.says(read < 0 ? "No input to wait for: stopping" : "Stopping");
    }
}
