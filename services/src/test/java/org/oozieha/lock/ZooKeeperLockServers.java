package org.oozieha.lock;

import java.util.HashMap;
import java.util.Map;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.zookeeper.EmbeddedZooKeeper;
import org.oozieha.cluster.zookeeper.Link;
import org.oozieha.cluster.zookeeper.ZkCluster;
import org.oozieha.cluster.zookeeper.ZkOptions;

/** On one real ZooKeeper, each server behind a link of its own. */
final class ZooKeeperLockServers extends LockServers {
    private static final int SESSION_MS = 2_400;
    private static final String NO_FSYNC = "zookeeper.forceSync";

    private final Map<String, Link> links = new HashMap<>();
    private EmbeddedZooKeeper zookeeper;

    @Override
    protected void before() throws Exception {
        System.setProperty(NO_FSYNC, "no");
        zookeeper = opened(new EmbeddedZooKeeper());
    }

    @Override
    protected void after() {
        super.after();
        System.clearProperty(NO_FSYNC);
    }

    EmbeddedZooKeeper zookeeper() {
        return zookeeper;
    }

    @Override
    Cluster join(String id) {
        try {
            Link link = opened(new Link(zookeeper::port));
            links.put(id, link);
            return join(id, link.address());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A server without a link. */
    LockTable directServer(String id, long lingerMs) throws Exception {
        return table(join(id, zookeeper.address()), lingerMs);
    }

    private Cluster join(String id, String address) throws Exception {
        return opened(ZkCluster.start(
                new ZkOptions(address, "oozie", SESSION_MS, EmbeddedZooKeeper.TICK_MS, 20_000),
                new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1),
                System::currentTimeMillis));
    }

    Link link(String id) {
        return links.get(id);
    }

    void expire(String id) throws Exception {
        zookeeper.expireOwnerOf("/oozie/ha/servers/" + id);
    }

    @Override
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
