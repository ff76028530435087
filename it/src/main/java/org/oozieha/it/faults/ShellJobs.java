package org.oozieha.it.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.client.OozieClientException;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.StatusWrite;

/**
 * Workflows with one shell action on YARN, each held at a chosen point of its submission until it is let go. The shell command writes one line
 * per run into a file of its job. Not thread-safe.
 */
final class ShellJobs {
    private final Cluster cluster;
    private final int run;
    private final Path parking;
    private final Path journals;
    private final List<ShellJob> jobs = new ArrayList<>();

    /** @param run a number no other jobs on this cluster have */
    ShellJobs(Cluster cluster, int run) {
        this.cluster = cluster;
        this.run = run;
        this.parking = cluster.parking();
        this.journals = cluster.workspace().dir("shell-runs");
        Path app = cluster.workspace().dir("shell");
        for (String file : new String[] {"workflow.xml", "run.sh"}) {
            try (InputStream in = ShellJobs.class.getResourceAsStream("/apps/shell/" + file)) {
                Files.copy(in, app.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        cluster.hadoop().put(app);
    }

    /** Submits and starts a workflow at that server itself, so that this server submits its action to YARN. */
    ShellJob submit(OozieServer server, ServerFault fault, SubmissionPoint point) {
        OozieClient client = new OozieClient(server.url());
        Properties conf = client.createConfiguration();
        conf.setProperty(OozieClient.USER_NAME, System.getProperty("user.name"));
        conf.setProperty(OozieClient.APP_PATH, cluster.hadoop().nameNode() + "/shell");
        conf.setProperty("name", "yarn-" + run + "-" + fault.key() + "-" + point.key());
        conf.setProperty("nameNode", cluster.hadoop().nameNode());
        conf.setProperty("jobTracker", cluster.hadoop().resourceManager());
        conf.setProperty("journals", journals.toString());
        conf.setProperty("parking", parking.toString());
        conf.setProperty("parkAt", point.key());
        try {
            ShellJob job = new ShellJob(client.run(conf), server, fault, point);
            jobs.add(job);
            return job;
        } catch (OozieClientException e) {
            throw new IllegalStateException("the submission of " + conf.getProperty("name") + " failed", e);
        }
    }

    List<ShellJob> jobs() {
        return Collections.unmodifiableList(jobs);
    }

    /** Whether the job's first server has come to the point the job is for. */
    boolean isAtItsPoint(ShellJob job) {
        if (job.point().parks()) {
            return job.server()
                    .id()
                    .equals(content(parking.resolve(job.id() + "." + job.point().key())));
        }
        return runs(job) > 0
                && cluster.audit().writesOf(job.action()).stream()
                        .anyMatch(write -> "RUNNING".equals(write.newStatus()));
    }

    /** Ends the hold of whoever works on the job; nobody is held for it again. */
    void letGo(ShellJob job) {
        try {
            Files.write(parking.resolve(job.id() + ".go"), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server that was held for the job has gone on. */
    boolean hasLeft(ShellJob job) {
        return !job.point().parks() || Files.exists(parking.resolve(job.id() + ".left"));
    }

    /** When another server than the first had the action started in the database, or found it over; empty if none yet has. */
    OptionalLong startedElsewhereAtMillis(ShellJob job) {
        return cluster.audit().writesOf(job.action()).stream()
                .filter(write -> !write.server().equals(job.server().id())
                        && write.changesStatus()
                        && !"PREP".equals(write.newStatus()))
                .mapToLong(StatusWrite::atMillis)
                .min();
    }

    /** How often the job's shell command was run. */
    long runs(ShellJob job) {
        return content(journals.resolve(job.id()))
                .chars()
                .filter(c -> c == '\n')
                .count();
    }

    private static String content(Path file) {
        try {
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each workflow's status in the database now. */
    Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        cluster.database().query("SELECT id, status FROM wf_jobs").forEach(row -> statuses.put(row[0], row[1]));
        return statuses;
    }

    /** Each shell action's status in the database now. */
    Map<String, String> actionStatuses() {
        Map<String, String> statuses = new TreeMap<>();
        cluster.database()
                .query("SELECT id, status FROM wf_actions WHERE name = 'shell'")
                .forEach(row -> statuses.put(row[0], row[1]));
        return statuses;
    }

    boolean allEnded() {
        Map<String, String> statuses = statuses();
        return jobs.stream().allMatch(job -> isEnd(statuses.get(job.id())));
    }

    boolean hasEnded(ShellJob job) {
        return isEnd(statuses().get(job.id()));
    }

    private static boolean isEnd(String status) {
        return !"PREP".equals(status) && !"RUNNING".equals(status);
    }
}
