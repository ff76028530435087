package org.oozieha.sla;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Members;
import org.oozieha.sla.follow.Follower;
import org.oozieha.sla.follow.SlaCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs checks one after the other: when Oozie's scheduler says so, and a sweep as soon as this server's share may have changed.
 *
 * <p>On failure of a sweep the next run is one; without the table of alerts SLAs are checked all the same. Thread-safe; the cluster's
 * events return at once.
 */
final class SlaChecks implements ClusterListener, Follower.Checker, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sla");
    private static final int AT_ONCE = 3;
    private static final long RUN_MINUTES = 30;

    private final ReentrantLock running = new ReentrantLock();
    private final AtomicBoolean sweepWanted = new AtomicBoolean(true);
    private final AtomicBoolean queued = new AtomicBoolean();
    private final Queue<String> news = new ConcurrentLinkedQueue<>();
    private final ExecutorService runner = Executors.newSingleThreadExecutor(task -> thread(task, "oozie-ha-sla"));
    private final ExecutorService workers =
            Executors.newFixedThreadPool(AT_ONCE, task -> thread(task, "oozie-ha-sla-check"));
    private Follower follower;
    private SlaCheck check;
    private Runnable collect;
    private Runnable prune;
    private volatile boolean closed;

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Before the first run.
     *
     * @param collectAlerts before each check
     * @param pruneAlerts after each check
     */
    void of(Follower followed, SlaCheck checks, Runnable collectAlerts, Runnable pruneAlerts) {
        follower = followed;
        check = checks;
        collect = collectAlerts;
        prune = pruneAlerts;
    }

    /** One run on the caller's thread; waits for one that is under way. */
    void run() {
        try {
            if (!closed && running.tryLock(RUN_MINUTES, TimeUnit.MINUTES)) {
                try {
                    runAlone();
                } finally {
                    running.unlock();
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void runAlone() {
        boolean sweep = sweepWanted.getAndSet(false);
        attempt("Alerts could not be collected", collect);
        attempt("What jobs told of could not be checked", this::checkNews);
        if (!attempt("SLAs could not be checked", () -> follower.run(check, sweep))) {
            sweepWanted.compareAndSet(false, sweep);
            return;
        }
        if (sweep) {
            LOG.info("All open SLAs of this server's share were looked at: followed={}", follower.size());
        }
        attempt("Delivered alerts could not be deleted", prune);
    }

    /** True if it could be done; else the next run does it. */
    private boolean attempt(String failed, Runnable part) {
        try {
            part.run();
            return true;
        } catch (RuntimeException | Error e) {
            // Oozie's scheduler tells of errors at level debug only
            if (!closed) {
                LOG.error("{}; the next check does it", failed, e);
            }
            return false;
        }
    }

    private void checkNews() {
        for (String id = news.poll(); id != null; id = news.poll()) {
            follower.check(check, id);
        }
    }

    /** A job went on, but its SLA could not be checked for that. */
    void checkLater(String id) {
        news.add(id);
    }

    private void sweepSoon() {
        sweepWanted.set(true);
        if (!closed && queued.compareAndSet(false, true)) {
            try {
                runner.execute(() -> {
                    queued.set(false);
                    run();
                });
            } catch (RejectedExecutionException stopping) {
                LOG.debug("No sweep, this server is stopping");
            }
        }
    }

    @Override
    public void membersChanged(Members before, Members after) {
        if (!before.owners().equals(after.owners())
                || !after.departedSince(before).isEmpty()) {
            sweepSoon();
        }
    }

    @Override
    public void leaseValid(Incarnation incarnation) {
        sweepSoon();
    }

    @Override
    public void checkAll(List<String> ids, Consumer<String> each) {
        if (ids.size() < AT_ONCE) {
            ids.forEach(each);
            return;
        }
        List<Callable<Void>> tasks = new ArrayList<>();
        for (String id : ids) {
            tasks.add(() -> {
                if (!closed) {
                    each.accept(id);
                }
                return null;
            });
        }
        try {
            workers.invokeAll(tasks, RUN_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException stopping) {
            LOG.debug("No checks, this server is stopping");
        }
    }

    /** No check begins any more; those under way are interrupted. */
    @Override
    public void close() {
        closed = true;
        runner.shutdownNow();
        for (Runnable dropped : workers.shutdownNow()) {
            // whoever has submitted it waits for it
            ((Future<?>) dropped).cancel(false);
        }
    }
}
