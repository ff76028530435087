package org.oozieha.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.client.OozieClientException;

/**
 * Jobs for a cluster, submitted through its load balancer with Oozie's own client. A workflow has file system actions on
 * {@code rec:///}, a decision, a fork with join and a sub-workflow; its first three actions hold their lock as long as
 * asked. Thread-safe.
 */
public final class Workload {
    private static final int SUBMITTERS = 8;
    private static final long SUBMISSION_SECONDS = 120;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long AGAIN_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'").withZone(ZoneOffset.UTC);

    private final Cluster cluster;
    private final OozieClient client;
    private final String user;
    private final Path apps;
    private final List<String> jobs = new CopyOnWriteArrayList<>();

    public Workload(Cluster cluster) {
        this(cluster, cluster.client(), System.getProperty("user.name"));
    }

    /** By a client that logs in, for the user it logs in as. */
    public Workload(Cluster cluster, OozieClient client, String user) {
        this.cluster = cluster;
        this.client = client;
        this.user = user;
        this.apps = cluster.workspace().dir("apps");
        for (String app : new String[] {
            "job/workflow.xml", "short/workflow.xml", "child/workflow.xml", "coordinator/coordinator.xml"
        }) {
            copy(app);
        }
    }

    private void copy(String app) {
        Path target = apps.resolve(app);
        Directories.create(target.getParent());
        try (InputStream in = Workload.class.getResourceAsStream("/apps/" + app)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Submits and starts a workflow; returns its id. */
    public String workflow(String name, Duration hold) {
        Properties conf = conf(name);
        conf.setProperty(OozieClient.APP_PATH, uri("job"));
        conf.setProperty("holdMillis", Long.toString(hold.toMillis()));
        conf.setProperty("branches", "both");
        return submit(conf);
    }

    /** Submits and starts that many workflows, several at a time; tells after each how many there are. */
    public void workflows(String name, int count, Duration hold, IntConsumer submitted) {
        ExecutorService submitters = Executors.newFixedThreadPool(SUBMITTERS);
        try {
            List<Future<String>> pending = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                String each = name + "-" + i;
                pending.add(submitters.submit(() -> workflow(each, hold)));
            }
            int done = 0;
            for (Future<String> submission : pending) {
                submission.get(SUBMISSION_SECONDS, TimeUnit.SECONDS);
                submitted.accept(++done);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a submission failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while submitting", e);
        } finally {
            submitters.shutdownNow();
        }
    }

    /** Submits a coordinator with one action a minute, the first due a minute ago, that many in all; returns its id. */
    public String coordinator(String name, int actions) {
        Instant start = Instant.now().minusSeconds(60);
        Properties conf = conf(name);
        conf.setProperty(OozieClient.COORDINATOR_APP_PATH, uri("coordinator"));
        conf.setProperty("start", MINUTES.format(start));
        conf.setProperty("end", MINUTES.format(start.plusSeconds(60L * actions)));
        return submit(conf);
    }

    private Properties conf(String name) {
        Properties conf = client.createConfiguration();
        conf.setProperty(OozieClient.USER_NAME, user);
        conf.setProperty("name", name);
        conf.setProperty("files", "rec:///" + name);
        conf.setProperty("childApp", uri("child"));
        return conf;
    }

    /** A workflow of that name with one action that holds its lock so long, to be submitted by somebody else. */
    Properties shortWorkflow(String name, Duration hold) {
        Properties conf = conf(name);
        conf.setProperty(OozieClient.APP_PATH, uri("short"));
        conf.setProperty("holdMillis", Long.toString(hold.toMillis()));
        return conf;
    }

    /** Counts a job that somebody else submitted among this workload's. */
    void add(String id) {
        jobs.add(id);
    }

    /** The same for several. */
    public void addAll(Collection<String> ids) {
        jobs.addAll(ids);
    }

    Cluster cluster() {
        return cluster;
    }

    /** Submits again after an error only what the cluster does not have: a server that is just leaving may have carried it out. */
    private String submit(Properties conf) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                String id = client.run(conf);
                jobs.add(id);
                return id;
            } catch (OozieClientException e) {
                String name = conf.getProperty("name");
                List<String[]> carriedOut = cluster.database()
                        .query(
                                "SELECT id FROM wf_jobs WHERE app_name = ? UNION ALL SELECT id FROM coord_jobs WHERE"
                                        + " app_name = ?",
                                name,
                                name);
                if (!carriedOut.isEmpty()) {
                    jobs.add(carriedOut.get(0)[0]);
                    return carriedOut.get(0)[0];
                }
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("the submission of " + name + " failed", e);
                }
                LockSupport.parkNanos(AGAIN_AFTER_NANOS);
            }
        }
    }

    private String uri(String app) {
        return "file://" + apps.resolve(app);
    }

    /** The ids of everything submitted, in that order. */
    public List<String> jobs() {
        return Collections.unmodifiableList(jobs);
    }

    /** The status of everything submitted, as the database has it now. */
    public Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        String sql = "SELECT id, status FROM wf_jobs UNION ALL SELECT id, status FROM coord_jobs";
        for (String[] row : cluster.database().query(sql)) {
            if (jobs.contains(row[0])) {
                statuses.put(row[0], row[1]);
            }
        }
        return statuses;
    }

    /** How many of the submitted jobs have that status. */
    public long count(String status) {
        return statuses().values().stream().filter(status::equals).count();
    }

    /** How many of the submitted jobs have ended, well or not. */
    public long ended() {
        return statuses().values().stream()
                .filter(status -> status.equals("SUCCEEDED") || failed(status))
                .count();
    }

    /** Waits until every submitted job is SUCCEEDED; fails at once when one ends otherwise. */
    public void awaitSuccess(Duration bound) {
        try {
            Waiting.until("all " + jobs.size() + " jobs end", bound, () -> {
                Map<String, String> statuses = statuses();
                return statuses.values().stream().allMatch("SUCCEEDED"::equals)
                        || statuses.values().stream().anyMatch(Workload::failed);
            });
        } catch (IllegalStateException e) {
            throw new IllegalStateException("unfinished: " + unfinished(), e);
        }
        statuses().forEach((job, status) -> {
            if (!status.equals("SUCCEEDED")) {
                throw new IllegalStateException(job + " is " + status);
            }
        });
    }

    /** The jobs that have not succeeded and where each of them stands, for people. */
    public List<String> unfinished() {
        List<String> unfinished = new ArrayList<>();
        statuses().forEach((job, status) -> {
            if (!status.equals("SUCCEEDED")) {
                StringBuilder line = new StringBuilder(job + " " + status);
                String actions =
                        "SELECT name, status, pending FROM wf_actions WHERE wf_id = ? AND status NOT IN ('OK')";
                for (String[] action : cluster.database().query(actions, job)) {
                    line.append(", ").append(String.join(" ", action));
                }
                unfinished.add(line.toString());
            }
        });
        return unfinished;
    }

    private static boolean failed(String status) {
        return status.equals("KILLED") || status.equals("FAILED") || status.equals("DONEWITHERROR");
    }
}
