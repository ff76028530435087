package org.oozieha.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.apache.oozie.client.OozieClient;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.Database;
import org.oozieha.it.harness.HaServices;

/** Workflows that are submitted and never started, each with a time by which it should have ended. */
final class SlaJobs {
    private static final int SUBMITTERS = 8;
    private static final long SUBMISSION_SECONDS = 300;
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'").withZone(ZoneOffset.UTC);

    private final Cluster cluster;
    private final Path app;
    private final Map<String, Instant> due = new ConcurrentSkipListMap<>();

    SlaJobs(Cluster cluster) {
        this.cluster = cluster;
        this.app = cluster.workspace().dir("apps").resolve("sla");
        try (InputStream in = SlaJobs.class.getResourceAsStream("/apps/sla/workflow.xml")) {
            Files.createDirectories(app);
            Files.copy(in, app.resolve("workflow.xml"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Servers that follow SLAs, with seconds for Oozie's minutes, and mail their alerts. */
    static ClusterSettings followed(ClusterSettings settings, HaServices services, Mailbox mailbox) {
        return settings.services(
                        "org.apache.oozie.service.EventHandlerService",
                        services == HaServices.PACK
                                ? "org.oozieha.sla.HASLAService"
                                : "org.apache.oozie.sla.service.SLAService")
                .property(
                        "oozie.service.EventHandlerService.event.listeners",
                        "org.apache.oozie.sla.listener.SLAJobEventListener,"
                                + "org.apache.oozie.sla.listener.SLAEmailEventListener")
                .property("oozie.service.EventHandlerService.worker.interval", 1)
                .property("oozie.sla.service.SLAService.check.initial.delay", 1)
                .property("oozie.sla.service.SLAService.check.interval", SharedCluster.SLA_CHECK.getSeconds())
                .property("oozie.sla.service.SLAService.job.event.latency", SharedCluster.NEWS_LATENCY.toMillis())
                .property("oozie.email.smtp.host", "127.0.0.1")
                .property("oozie.email.smtp.port", mailbox.port());
    }

    /** Submits that many, several at a time; number {@code i} to the server and due at the time that is said for it. */
    void submit(int count, IntFunction<String> serverUrl, IntFunction<Instant> dueAt) {
        ExecutorService submitters = Executors.newFixedThreadPool(SUBMITTERS);
        try {
            List<Future<?>> pending = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String url = serverUrl.apply(i);
                Instant time = dueAt.apply(i);
                pending.add(submitters.submit(() -> submit(url, time)));
            }
            for (Future<?> submission : pending) {
                submission.get(SUBMISSION_SECONDS, TimeUnit.SECONDS);
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

    private String submit(String url, Instant time) throws Exception {
        OozieClient client = new OozieClient(url);
        Properties conf = client.createConfiguration();
        conf.setProperty(OozieClient.USER_NAME, System.getProperty("user.name"));
        conf.setProperty(OozieClient.APP_PATH, "file://" + app);
        conf.setProperty("name", "sla");
        conf.setProperty("nominal", MINUTES.format(Instant.now()));
        String id = client.submit(conf);
        change(id, time);
        due.put(id, time);
        return id;
    }

    /** What a change of the definition writes, on whichever server; Oozie's own counts in minutes. */
    private void change(String id, Instant end) {
        Database database = cluster.database();
        database.execute("update sla_registration set expected_end = ? where job_id = ?", Timestamp.from(end), id);
        database.execute(
                "update sla_summary set expected_end = ?, last_modified = ? where job_id = ?",
                Timestamp.from(end),
                Timestamp.from(Instant.now()),
                id);
    }

    /** Job to when it is due. */
    Map<String, Instant> due() {
        return due;
    }

    /** Job to how many alerts the database has of its END_MISS; without those that have none. */
    Map<String, Integer> recorded() {
        return counts("");
    }

    /** As {@link #recorded}, those that the listeners were told of. */
    Map<String, Integer> delivered() {
        return counts(" and delivered > 0");
    }

    private Map<String, Integer> counts(String condition) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String[] row : cluster.database()
                .query("select event_key from oozie_ha_alert where event_key like '%#END_MISS#%'" + condition)) {
            String job = row[0].substring(0, row[0].indexOf('#'));
            if (due.containsKey(job)) {
                counts.merge(job, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** How many mails came of each job's END_MISS; without those of which none did. */
    Map<String, Integer> mailed(Mailbox mailbox) {
        Map<String, Integer> counts = new TreeMap<>();
        mailbox.alerts().forEach((alert, times) -> {
            String job = alert.substring(0, alert.indexOf(' '));
            if (due.containsKey(job)) {
                counts.merge(job, times.size(), Integer::sum);
            }
        });
        return counts;
    }

    /** From due to the first mail, in order. */
    List<Duration> delays(Mailbox mailbox) {
        List<Duration> delays = new ArrayList<>();
        mailbox.alerts().forEach((alert, times) -> {
            Instant time = due.get(alert.substring(0, alert.indexOf(' ')));
            if (time != null) {
                delays.add(Duration.between(time, times.get(0)));
            }
        });
        delays.sort(null);
        return delays;
    }

    /** What each job should have exactly once. */
    Map<String, Integer> once() {
        Map<String, Integer> once = new TreeMap<>();
        due.keySet().forEach(job -> once.put(job, 1));
        return once;
    }
}
