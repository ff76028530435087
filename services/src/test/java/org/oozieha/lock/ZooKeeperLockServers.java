package org.oozieha.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.rules.ExternalResource;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.zookeeper.EmbeddedZooKeeper;
import org.oozieha.cluster.zookeeper.Link;
import org.oozieha.cluster.zookeeper.ZkCluster;
import org.oozieha.cluster.zookeeper.ZkOptions;

/** Servers with a lock table each on one real ZooKeeper, each behind a link of its own. */
final class ZooKeeperLockServers extends ExternalResource {
    private static final int SESSION_MS = 2_400;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, Link> links = new HashMap<>();
    private final Map<String, Cluster> clusters = new HashMap<>();
    private final Map<String, ObservedQueue> queues = new HashMap<>();
    private EmbeddedZooKeeper zookeeper;

    @Override
    protected void before() throws Exception {
        System.setProperty("zookeeper.forceSync", "no");
        zookeeper = new EmbeddedZooKeeper();
        open.add(zookeeper);
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
        System.clearProperty("zookeeper.forceSync");
    }

    EmbeddedZooKeeper zookeeper() {
        return zookeeper;
    }

    LockTable server(String id, long lingerMs) throws Exception {
        Link link = new Link(zookeeper::port);
        open.add(link);
        links.put(id, link);
        return server(id, lingerMs, link.address());
    }

    /** Without a link. */
    LockTable closeServer(String id, long lingerMs) throws Exception {
        return server(id, lingerMs, zookeeper.address());
    }

    private LockTable server(String id, long lingerMs, String address) throws Exception {
        Cluster cluster = ZkCluster.start(
                new ZkOptions(address, "oozie", SESSION_MS, EmbeddedZooKeeper.TICK_MS, 20_000),
                new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1),
                System::currentTimeMillis);
        clusters.put(id, cluster);
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "linger-" + id);
            thread.setDaemon(true);
            return thread;
        });
        ObservedQueue queue = new ObservedQueue(cluster.locks());
        queues.put(id, queue);
        LockTable table = new LockTable(queue, cluster.lease(), timer, System::nanoTime, lingerMs);
        open.add(cluster);
        open.add(timer::shutdownNow);
        open.add(table);
        return table;
    }

    Caller caller(LockTable table, String name) {
        Caller caller = new Caller(table, name);
        open.add(caller);
        return caller;
    }

    Link link(String id) {
        return links.get(id);
    }

    ObservedQueue queue(String id) {
        return queues.get(id);
    }

    Lease lease(String id) {
        return clusters.get(id).lease();
    }

    void expire(String id) throws Exception {
        zookeeper.expireOwnerOf("/oozie/ha/servers/" + id);
    }

    /** Lock nodes of all keys together. */
    int places() {
        return zookeeper.grandChildren("/oozie/locks");
    }

    int keys() {
        try {
            return zookeeper.admin().getChildren("/oozie/locks", false).size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
