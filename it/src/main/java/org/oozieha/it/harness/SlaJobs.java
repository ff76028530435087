package org.oozieha.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
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

/**
 * Workflows that are submitted and never started, each with a time by which it should have ended, in a cluster made with
 * {@link ClusterSettings#slas}. Not thread-safe.
 */
public final class SlaJobs {
    /** How often servers check, instead of every half minute. */
    public static final Duration CHECK = Duration.ofSeconds(2);
    /** How long after it was due a miss is recorded, instead of a minute and a half. */
    public static final Duration NEWS_LATENCY = Duration.ofSeconds(2);
    /** From recorded to arrived: the queue is emptied every second, and listeners take turns. */
    public static final Duration LISTENERS = Duration.ofSeconds(5);
    /** From due to arrived while whoever follows it is alive. */
    public static final Duration PROMISED = NEWS_LATENCY.plus(CHECK).plus(LISTENERS);

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration SHOULD_END = Duration.ofMinutes(60);
    private static final int SUBMITTERS = 8;
    private static final long SUBMISSION_SECONDS = 300;

    private final Cluster cluster;
    private final SlaTrail trail;
    private final Path app;
    private final Map<String, Instant> due = new ConcurrentSkipListMap<>();

    public SlaJobs(Cluster cluster) {
        this.cluster = cluster;
        this.trail = new SlaTrail(cluster.database());
        this.app = cluster.workspace().dir("apps").resolve("sla");
        try (InputStream in = SlaJobs.class.getResourceAsStream("/apps/sla/workflow.xml")) {
            Files.createDirectories(app);
            Files.copy(in, app.resolve("workflow.xml"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Submits that many, several at a time, number {@code i} to the server that is said for it; none is due for an hour. */
    public void submit(int count, IntFunction<OozieServer> server) {
        submit("sla", count, server, Instant.now().plus(1, ChronoUnit.MINUTES));
    }

    /** Submits that many of an application of that name that were due before. */
    public void submitMissed(String name, int count, OozieServer server) {
        submit(name, count, i -> server, Instant.now().minus(SHOULD_END));
    }

    private void submit(String name, int count, IntFunction<OozieServer> server, Instant nominal) {
        Instant minute = nominal.truncatedTo(ChronoUnit.MINUTES);
        ExecutorService submitters = Executors.newFixedThreadPool(SUBMITTERS);
        try {
            List<Future<?>> pending = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String url = server.apply(i).url();
                pending.add(submitters.submit(() -> due.put(submit(name, url, minute), minute.plus(SHOULD_END))));
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

    private String submit(String name, String url, Instant nominal) throws Exception {
        OozieClient client = new OozieClient(url);
        Properties conf = client.createConfiguration();
        conf.setProperty(OozieClient.USER_NAME, System.getProperty("user.name"));
        conf.setProperty(OozieClient.APP_PATH, "file://" + app);
        conf.setProperty("name", name);
        conf.setProperty("nominal", nominal.toString().replaceAll(":00Z$", "Z"));
        return client.submit(conf);
    }

    /** Makes all due, one after the other, over that time. Writes what a change on any server does; Oozie's own counts in minutes. */
    public void makeDue(Instant first, Duration over) {
        int number = 0;
        for (String job : new ArrayList<>(due.keySet())) {
            Instant time = first.plus(over.multipliedBy(number++).dividedBy(due.size()));
            change(job, time);
            due.put(job, time);
        }
    }

    private void change(String job, Instant end) {
        Database database = cluster.database();
        database.execute("update sla_registration set expected_end = ? where job_id = ?", Timestamp.from(end), job);
        database.execute(
                "update sla_summary set expected_end = ?, last_modified = ? where job_id = ?",
                Timestamp.from(end),
                Timestamp.from(Instant.now()),
                job);
    }

    public int size() {
        return due.size();
    }

    /** Job to how often the database was told that it missed its end; without those of which it was not. */
    public Map<String, Integer> recorded() {
        return trail.counts(due.keySet());
    }

    /** The ids of the servers that recorded any. */
    public Set<String> recorders() {
        return trail.servers(due.keySet());
    }

    /** Job to how many alerts the pack's table says that the listeners were told of; without those that have none. */
    public Map<String, Integer> delivered() {
        Map<String, Integer> counts = new TreeMap<>();
        for (String[] row : cluster.database()
                .query("select event_key from oozie_ha_alert where event_key like '%#END_MISS#%' and delivered > 0")) {
            String job = row[0].substring(0, row[0].indexOf('#'));
            if (due.containsKey(job)) {
                counts.merge(job, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Job to how many mails came; without those of which none did. */
    public Map<String, Integer> mailed() {
        return cluster.mailbox().alerts().counts(due.keySet());
    }

    /** Job to how many messages came by JMS; without those of which none did. */
    public Map<String, Integer> announced() {
        return cluster.alertTopic().alerts().counts(due.keySet());
    }

    /** Whether a mail and a message came of each. */
    public boolean allHeardOf() {
        return mailed().size() == due.size() && announced().size() == due.size();
    }

    /** Waits until nothing comes any more, for what comes twice. */
    public void awaitQuiet() {
        int[] last = {-1};
        long[] since = {0};
        Waiting.until("no alerts for " + QUIET, Duration.ofMinutes(2), () -> {
            int all = sum(mailed()) + sum(announced()) + sum(recorded());
            if (all != last[0]) {
                last[0] = all;
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] >= QUIET.toNanos();
        });
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How long nobody follows what a server followed that is gone: the takeover bound. */
    public static Duration takeover(Duration session, Duration tick) {
        return session.plus(tick.multipliedBy(3).dividedBy(2)).plusSeconds(2);
    }

    /** From due to the first mail, in order. */
    public List<Duration> delays() {
        return cluster.mailbox().alerts().delays(new HashMap<>(due));
    }

    /** What each job should have exactly once. */
    public Map<String, Integer> once() {
        Map<String, Integer> once = new TreeMap<>();
        due.keySet().forEach(job -> once.put(job, 1));
        return once;
    }
}
