package org.oozieha.cluster.zookeeper;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterContract;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.testing.Eventually;

/** The contract on a real ZooKeeper server, each member behind a link of its own. */
public final class ZkClusterTest extends ClusterContract {
    @Override
    protected Fixture fixture() throws Exception {
        return new ZkFixture();
    }

    private static final class ZkFixture implements Fixture {
        private static final int SESSION_MS = 4_000;

        private final EmbeddedZooKeeper zookeeper = new EmbeddedZooKeeper();
        private final Map<String, Link> links = new HashMap<>();
        private final Map<String, Cluster> clusters = new HashMap<>();

        private ZkFixture() throws Exception {}

        @Override
        public Cluster join(String id) throws Exception {
            Link link = new Link(zookeeper::port);
            links.put(id, link);
            Cluster cluster = ZkCluster.start(
                    new ZkOptions(link.address(), "oozie", SESSION_MS, EmbeddedZooKeeper.TICK_MS, 20_000),
                    new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1),
                    System::currentTimeMillis);
            clusters.put(id, cluster);
            return cluster;
        }

        @Override
        public void cut(String id) {
            links.get(id).cut();
        }

        @Override
        public void heal(String id) {
            links.get(id).heal();
        }

        @Override
        public void crash(String id) {
            links.get(id).cut();
        }

        @Override
        public void expire(String id) throws Exception {
            zookeeper.expireOwnerOf("/oozie" + Paths.server(id));
        }

        @Override
        public void stop() throws Exception {
            zookeeper.stop();
        }

        @Override
        public void start() throws Exception {
            zookeeper.start();
        }

        @Override
        public void wipe() throws Exception {
            zookeeper.wipe("/oozie");
        }

        @Override
        public boolean await(BooleanSupplier condition, long limitMs) {
            return Eventually.within(limitMs, condition);
        }

        @Override
        public int places() {
            return zookeeper.grandChildren("/oozie/locks");
        }

        @Override
        public void close() {
            links.values().forEach(Link::close);
            clusters.values().forEach(Cluster::close);
            zookeeper.close();
        }
    }
}
