package org.oozieha.it.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Submission.Outcome;

/**
 * Short workflows submitted through the load balancer at a steady pace, each by a thread of its own, whatever becomes of those before. Their
 * names are unique. Ends by {@link #stop}, and after a bounded number in any case. Thread-safe.
 */
public final class SteadyLoad {
    private static final int LIMIT = 2_000;
    private static final Duration HOLD = Duration.ofMillis(20);

    private final Workload workload;
    private final String name;
    private final Duration answerWithin;
    private final Duration patience;
    private final List<Submission> submissions = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final ScheduledExecutorService clock;
    private final ExecutorService senders;

    private SteadyLoad(Workload workload, String name, Duration answerWithin, Duration patience) {
        this.workload = workload;
        this.name = name;
        this.answerWithin = answerWithin;
        this.patience = patience;
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, "load-" + name);
            thread.setDaemon(true);
            return thread;
        };
        clock = Executors.newSingleThreadScheduledExecutor(threads);
        senders = Executors.newCachedThreadPool(threads);
    }

    /**
     * Begins to submit, one each {@code every}.
     *
     * @param answerWithin how long a client waits for the answer to what it sent
     * @param patience how long it repeats what was refused
     */
    public static SteadyLoad start(
            Workload workload, String name, Duration every, Duration answerWithin, Duration patience) {
        SteadyLoad load = new SteadyLoad(workload, name, answerWithin, patience);
        load.clock.scheduleAtFixedRate(load::next, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        return load;
    }

    private void next() {
        if (submissions.size() < LIMIT) {
            send(workload.cluster().balancer().url());
        }
    }

    /** Submits one more, to this server and no other; returns at once. */
    public Submission sendTo(OozieServer server) {
        return send(server.url());
    }

    private Submission send(String url) {
        Submission submission = new Submission(name + "-" + numbers.incrementAndGet());
        submissions.add(submission);
        senders.execute(() -> {
            submission.send(url, workload.shortWorkflow(submission.name(), HOLD), answerWithin, patience);
            if (submission.id() != null) {
                workload.add(submission.id());
            }
        });
        return submission;
    }

    /** Submits no more, and waits until every client knows what it can know. */
    public void stop() {
        clock.shutdownNow();
        Duration bound = answerWithin.plus(patience).plusSeconds(10);
        Waiting.until("all submissions have an outcome", bound, () -> count(Outcome.PENDING) == 0);
        senders.shutdown();
    }

    public List<Submission> submissions() {
        return new ArrayList<>(submissions);
    }

    public long count(Outcome outcome) {
        return submissions.stream()
                .filter(submission -> submission.outcome() == outcome)
                .count();
    }

    /** Those whose outcome the client does not know and that the cluster does not have: what was asked for was not done. */
    public List<Submission> notCarriedOut() {
        return submissions.stream()
                .filter(submission -> submission.outcome() == Outcome.REFUSED
                        || submission.outcome() == Outcome.UNKNOWN && jobsNamed(submission.name()) == 0)
                .collect(Collectors.toList());
    }

    /** How many more jobs the cluster has than were asked for. */
    public long doubled() {
        return workload.cluster()
                .database()
                .number(
                        "SELECT coalesce(sum(copies - 1), 0) FROM (SELECT count(*) AS copies FROM wf_jobs WHERE"
                                + " starts_with(app_name, ?) GROUP BY app_name) AS named",
                        name + "-");
    }

    /** Ids of the jobs behind submissions whose outcome the client does not know, found by their names. */
    public List<String> foundByName() {
        return submissions.stream()
                .filter(submission -> submission.outcome() == Outcome.UNKNOWN)
                .flatMap(
                        submission -> workload
                                .cluster()
                                .database()
                                .query("SELECT id FROM wf_jobs WHERE app_name = ?", submission.name())
                                .stream())
                .map(row -> row[0])
                .collect(Collectors.toList());
    }

    private long jobsNamed(String job) {
        return workload.cluster().database().number("SELECT count(*) FROM wf_jobs WHERE app_name = ?", job);
    }
}
