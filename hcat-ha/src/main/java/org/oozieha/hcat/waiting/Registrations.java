package org.oozieha.hcat.waiting;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Members;
import org.oozieha.partition.Partition;
import org.oozieha.takeover.TaskTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is registered on this server in step with what is recorded.
 *
 * <p>Guarantee: after every change of the members, when the lease became valid, and after each interval, all waiting actions of this server's
 * share are registered, and none that does not wait any more. Causes that come together share a run; one that comes during a run is followed
 * by another. On failure to read, the run is repeated with growing pauses until it succeeds. Thread-safe; runs happen on the timer's thread.
 */
public final class Registrations implements ClusterListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");
    private static final int PAGE = 500;

    private final Cluster cluster;
    private final Partition partition;
    private final Recorded recorded;
    private final Waiters waiters;
    private final BiConsumer<String, String> register;
    private final Consumer<Table> release;
    private final TaskTimer timer;
    private final long intervalMs;
    private final Pauses pauses = new Pauses(1_000, 30_000);
    private final Set<String> causes = new LinkedHashSet<>();
    private boolean scheduled;
    private boolean closed;

    /**
     * @param register takes a URI and the action that waits for it; twice is as good as once
     * @param release told of tables that may not be waited for any more
     */
    public Registrations(
            Cluster cluster,
            Partition partition,
            Recorded recorded,
            Waiters waiters,
            BiConsumer<String, String> register,
            Consumer<Table> release,
            TaskTimer timer,
            long intervalMs) {
        this.cluster = cluster;
        this.partition = partition;
        this.recorded = recorded;
        this.waiters = waiters;
        this.register = register;
        this.release = release;
        this.timer = timer;
        this.intervalMs = intervalMs;
    }

    public void start() {
        cluster.listen(this);
        request("start");
        timer.after(intervalMs, this::again);
    }

    private void again() {
        request("interval");
        timer.after(intervalMs, this::again);
    }

    @Override
    public void membersChanged(Members before, Members after) {
        if (!before.owners().equals(after.owners())
                || !after.departedSince(before).isEmpty()) {
            request("members " + after);
        }
    }

    @Override
    public void leaseValid(Incarnation incarnation) {
        request("lease valid " + incarnation);
    }

    /** Runs soon. */
    public synchronized void request(String cause) {
        causes.add(cause);
        schedule(0);
    }

    private void schedule(long delayMs) {
        if (!scheduled && !closed) {
            scheduled = true;
            timer.after(delayMs, this::run);
        }
    }

    private void run() {
        Set<String> why;
        synchronized (this) {
            scheduled = false;
            if (closed) {
                return;
            }
            why = new LinkedHashSet<>(causes);
            causes.clear();
        }
        try {
            LOG.info("Registrations compared: {} causes={}", compare(), why);
            pauses.reset();
        } catch (RuntimeException e) {
            LOG.warn("Waiting actions cannot be read, it is tried again: causes={}", why, e);
            synchronized (this) {
                causes.addAll(why);
                schedule(pauses.next());
            }
        }
    }

    /** Only what was registered before the first page was read can be found not to wait any more. */
    private String compare() {
        Set<String> gone = new HashSet<>(waiters.actions());
        int waiting = 0;
        int mine = 0;
        String after = "";
        List<Recorded.Waiting> page;
        do {
            page = recorded.page(after, PAGE);
            for (Recorded.Waiting action : page) {
                gone.remove(action.action());
                waiting++;
                after = action.action();
                if (partition.owns(action.action())) {
                    mine++;
                    action.uris().forEach(uri -> register.accept(uri, action.action()));
                }
            }
        } while (page.size() == PAGE && !isClosed());
        if (!isClosed()) {
            gone.forEach(action -> waiters.forget(action).forEach(release));
        }
        return "waiting=" + waiting + " mine=" + mine + " gone=" + gone.size();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        cluster.unlisten(this);
        synchronized (this) {
            closed = true;
        }
    }
}
