package org.oozieha.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.rules.ExternalResource;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** Servers with a lock table each on one in-memory ensemble that runs by itself. */
final class LockServers extends ExternalResource {
    static final long NEVER_ENDS_MS = 600_000;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, ObservedQueue> queues = new HashMap<>();
    private final Map<String, Lease> leases = new HashMap<>();
    private MemoryEnsemble ensemble;

    @Override
    protected void before() {
        ensemble = MemoryEnsemble.live();
        open.add(ensemble);
    }

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

    MemoryEnsemble ensemble() {
        return ensemble;
    }

    Lease lease(String id) {
        return leases.get(id);
    }

    ObservedQueue queue(String id) {
        return queues.get(id);
    }

    LockTable server(String id, long lingerMs) {
        return table(ensemble.join(id), lingerMs);
    }

    LockTable table(Cluster cluster, long lingerMs) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "linger-" + cluster.self().id());
            thread.setDaemon(true);
            return thread;
        });
        ObservedQueue queue = new ObservedQueue(cluster.locks());
        queues.put(cluster.self().id(), queue);
        leases.put(cluster.self().id(), cluster.lease());
        LockTable table = new LockTable(queue, cluster.lease(), timer, System::nanoTime, lingerMs);
        open.add(timer::shutdownNow);
        open.add(table);
        return table;
    }

    Caller caller(LockTable table, String name) {
        Caller caller = new Caller(table, name);
        open.add(caller);
        return caller;
    }
}
