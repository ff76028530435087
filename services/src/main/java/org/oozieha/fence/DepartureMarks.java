package org.oozieha.fence;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Members;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps OOZIE_HA_SERVER in step with the members, for this server's eyes.
 *
 * <p>Guarantee: what {@link #whenMarked} runs, runs after every departure this server had seen before is marked, and after the row of
 * its own incarnation is there. A pass reads the rows first and the members second, so that a row without a member belongs to an
 * incarnation that has gone for good.
 *
 * <p>On failure: no database, no answer about the members, or a row that a hung commit keeps locked: the pass is repeated, the log says
 * which, and nothing runs meanwhile. Thread-safe. Source: design decision 7.
 */
public final class DepartureMarks implements ClusterListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.fence");
    private static final long READ_MEMBERS_MS = 5_000;
    private static final long RETRY_MS = 500;

    private final ServerRows rows;
    private final Cluster cluster;
    private final ScheduledExecutorService worker;
    private final LongSupplier nanoClock;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final Map<Incarnation, Long> blockedSince = new HashMap<>();
    private long wanted;
    private long done;
    private boolean scheduled;
    private boolean closed;
    private volatile Incarnation inserted;
    private boolean failing;

    /** @param worker one thread; the caller stops it after {@link #close} */
    public DepartureMarks(ServerRows rows, Cluster cluster, ScheduledExecutorService worker, LongSupplier nanoClock) {
        this.rows = rows;
        this.cluster = cluster;
        this.worker = worker;
        this.nanoClock = nanoClock;
    }

    /** Does the first pass in the background, and one more on each departure. */
    public void start() {
        cluster.listen(this);
        request();
    }

    @Override
    public void membersChanged(Members before, Members after) {
        if (!after.departedSince(before).isEmpty()) {
            request();
        }
    }

    @Override
    public void leaseValid(Incarnation incarnation) {
        request();
    }

    /** True once the row of this incarnation has been inserted. */
    public boolean hasRow(Incarnation incarnation) {
        return incarnation.equals(inserted);
    }

    /** Runs {@code task}: at once if there is nothing to mark, else on the worker. */
    void whenMarked(Runnable task) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (done < wanted || wanted == 0) {
                waiting.add(new Waiting(Math.max(wanted, 1), task));
                return;
            }
        }
        task.run();
    }

    private void request() {
        synchronized (this) {
            wanted++;
        }
        schedule(0);
    }

    private synchronized void schedule(long delayMs) {
        if (scheduled || closed) {
            return;
        }
        try {
            worker.schedule(this::pass, delayMs, TimeUnit.MILLISECONDS);
            scheduled = true;
        } catch (RejectedExecutionException stopped) {
            closed = true;
        }
    }

    private void pass() {
        long target;
        synchronized (this) {
            scheduled = false;
            target = wanted;
        }
        boolean complete = false;
        try {
            complete = markDeparted();
            failing = false;
        } catch (SQLException | ClusterUnavailableException | RuntimeException | Error e) {
            if (!failing) {
                failing = true;
                LOG.warn(
                        "Departed servers cannot be marked in OOZIE_HA_SERVER, new locks wait until they can: {}",
                        e.toString());
            }
        }
        if (complete) {
            finished(target).forEach(Runnable::run);
        }
        boolean again;
        synchronized (this) {
            again = done < wanted;
        }
        if (again) {
            schedule(complete ? 0 : RETRY_MS);
        }
    }

    private boolean markDeparted() throws SQLException, ClusterUnavailableException {
        Incarnation own = cluster.lease().incarnation();
        if (cluster.lease().stands(own) && !hasRow(own)) {
            rows.insert(own);
            inserted = own;
        }
        List<Incarnation> unmarked = rows.unmarked();
        Members members = cluster.readMembers(READ_MEMBERS_MS);
        boolean complete = true;
        for (Incarnation row : unmarked) {
            if (!members.contains(row)) {
                complete &= mark(row);
            }
        }
        return complete;
    }

    private boolean mark(Incarnation departed) throws SQLException {
        boolean marked = rows.mark(departed);
        Long since = blockedSince.get(departed);
        if (!marked) {
            if (since == null) {
                blockedSince.put(departed, nanoClock.getAsLong());
                LOG.warn(
                        "A commit of a departed server still holds its row in OOZIE_HA_SERVER, new locks wait for its end:"
                                + " row={}. If that server's host is gone, the database keeps the connection until its"
                                + " keep-alive ends it: set that to at most oozie.ha.session.timeout.ms",
                        departed);
            }
            return false;
        }
        blockedSince.remove(departed);
        LOG.info(
                "Departed server marked: row={} waited_ms={}",
                departed,
                since == null ? 0 : TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - since));
        return true;
    }

    private List<Runnable> finished(long target) {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            done = Math.max(done, target);
            while (!waiting.isEmpty() && waiting.peek().since <= done) {
                due.add(waiting.remove().task);
            }
        }
        return due;
    }

    /** Runs nothing any more. */
    @Override
    public void close() {
        cluster.unlisten(this);
        synchronized (this) {
            closed = true;
            waiting.clear();
        }
    }

    private static final class Waiting {
        private final long since;
        private final Runnable task;

        private Waiting(long since, Runnable task) {
            this.since = since;
            this.task = task;
        }
    }
}
