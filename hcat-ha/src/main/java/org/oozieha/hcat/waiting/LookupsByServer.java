package org.oozieha.hcat.waiting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Lookups with a queue for each metastore.
 *
 * <p>Guarantee: that of {@link Lookups} for each metastore by itself: one that does not answer makes nobody wait who asks another. Thread-safe;
 * submitting never blocks.
 */
public final class LookupsByServer implements AutoCloseable {
    private final Supplier<Lookups> newQueue;
    private final Map<String, Lookups> queues = new HashMap<>();
    private boolean closed;

    /** @param newQueue asked once for each metastore */
    public LookupsByServer(Supplier<Lookups> newQueue) {
        this.newQueue = newQueue;
    }

    /** Looks these up soon. */
    public void submit(Collection<Dependency> dependencies) {
        dependencies.stream()
                .collect(Collectors.groupingBy(dependency -> dependency.table().server()))
                .forEach((server, its) -> queue(server).submit(its));
    }

    private synchronized Lookups queue(String server) {
        Lookups queue = queues.computeIfAbsent(server, s -> newQueue.get());
        if (closed) {
            queue.close();
        }
        return queue;
    }

    @Override
    public void close() {
        Collection<Lookups> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(queues.values());
        }
        all.forEach(Lookups::close);
    }
}
