package org.oozieha.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.rules.ExternalResource;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Lease;

/** Servers with a lock table each, in one cluster. Everything is closed after the test, last opened first. */
abstract class LockServers extends ExternalResource {
    static final long NEVER_ENDS_MS = 600_000;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, ObservedQueue> queues = new HashMap<>();
    private final Map<String, Cluster> clusters = new HashMap<>();

    abstract Cluster join(String id);

    /** How many places there are in all keys' queues together. */
    abstract int places();

    @Override
    protected void after() {
        for (int i = open.size() - 1; i >= 0; i--) {
            try {
                open.get(i).close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        open.clear();
    }

    <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    LockTable server(String id, long lingerMs) {
        return table(join(id), lingerMs);
    }

    LockTable table(Cluster cluster, long lingerMs) {
        String id = cluster.self().id();
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "linger-" + id);
            thread.setDaemon(true);
            return thread;
        });
        open.add(timer::shutdownNow);
        ObservedQueue queue = new ObservedQueue(cluster.locks());
        queues.put(id, queue);
        clusters.put(id, cluster);
        LockTable table = new LockTable(queue, cluster.lease(), timer, System::nanoTime, lingerMs);
        cluster.listen(table.drainListener(id));
        return opened(table);
    }

    Caller caller(LockTable table, String name) {
        return opened(new Caller(table, name));
    }

    Cluster cluster(String id) {
        return clusters.get(id);
    }

    Lease lease(String id) {
        return cluster(id).lease();
    }

    ObservedQueue queue(String id) {
        return queues.get(id);
    }
}
