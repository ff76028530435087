package org.oozieha.hcat.waiting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.oozieha.takeover.TaskTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up in the metastore what was registered, because its message may have passed before.
 *
 * <p>Guarantee: each dependency that was submitted and is still waited for is looked up once, however many actions wait for it, in
 * batches of a bounded size one after the other. On failure it comes again after the others, with growing pauses and no end. Thread-safe;
 * submitting never blocks; lookups run on the timer's thread.
 */
public final class Lookups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");
    private static final int FAILURES_IN_A_BATCH = 3;

    /** The metastore. */
    public interface Metastore {
        /** True if it is there now. Waits a bounded time. */
        boolean has(Dependency dependency) throws Exception;
    }

    private final Metastore metastore;
    private final Predicate<Dependency> wanted;
    private final Consumer<Dependency> found;
    private final TaskTimer timer;
    private final int batchSize;
    private final Pauses pauses = new Pauses(1_000, 60_000);
    private final Set<Dependency> pending = new LinkedHashSet<>();
    private boolean scheduled;
    private boolean closed;

    /**
     * @param wanted whether anybody still waits for it
     * @param found told of each one that is there, on the timer's thread
     */
    public Lookups(
            Metastore metastore,
            Predicate<Dependency> wanted,
            Consumer<Dependency> found,
            TaskTimer timer,
            int batchSize) {
        this.metastore = metastore;
        this.wanted = wanted;
        this.found = found;
        this.timer = timer;
        this.batchSize = batchSize;
    }

    /** Looks these up soon. */
    public synchronized void submit(Collection<Dependency> dependencies) {
        pending.addAll(dependencies);
        schedule(0);
    }

    private void schedule(long delayMs) {
        if (!scheduled && !closed && !pending.isEmpty()) {
            scheduled = true;
            timer.after(delayMs, this::batch);
        }
    }

    private synchronized List<Dependency> next() {
        List<Dependency> batch = new ArrayList<>();
        Iterator<Dependency> all = pending.iterator();
        while (all.hasNext() && batch.size() < batchSize && !closed) {
            batch.add(all.next());
            all.remove();
        }
        return batch;
    }

    private void batch() {
        List<Dependency> batch = next();
        List<Dependency> failed = new ArrayList<>();
        int done = 0;
        while (done < batch.size() && failed.size() < FAILURES_IN_A_BATCH) {
            Dependency dependency = batch.get(done++);
            if (!lookUp(dependency)) {
                failed.add(dependency);
            }
        }
        finish(batch.subList(done, batch.size()), failed, done);
    }

    /** What was not reached keeps its turn by and large; what failed goes to the end. */
    private synchronized void finish(List<Dependency> notReached, List<Dependency> failed, int done) {
        scheduled = false;
        pending.addAll(notReached);
        pending.addAll(failed);
        boolean onlyFailuresLeft = !failed.isEmpty() && (failed.size() == done || failed.size() == pending.size());
        if (failed.isEmpty()) {
            pauses.reset();
        }
        schedule(onlyFailuresLeft ? pauses.next() : 0);
    }

    private boolean lookUp(Dependency dependency) {
        try {
            if (wanted.test(dependency) && metastore.has(dependency)) {
                found.accept(dependency);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception | Error e) { // an error too must not end the lookups after it
            LOG.warn("Not looked up, it is tried again: uri={} reason={}", dependency, e.toString());
            return false;
        }
    }

    /** What waits for its turn. */
    public synchronized int pending() {
        return pending.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        pending.clear();
    }
}
