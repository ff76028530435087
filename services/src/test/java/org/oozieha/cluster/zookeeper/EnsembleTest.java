package org.oozieha.cluster.zookeeper;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.oozieha.testing.Eventually.passes;
import static org.oozieha.testing.Eventually.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerIdentity;

/** The lease and the session on three ZooKeeper processes. */
public final class EnsembleTest {
    private static final int TICK_MS = 500;
    private static final int SESSION_MS = 4_000;

    private final List<Cluster> clusters = new CopyOnWriteArrayList<>();
    private List<ZooKeeperProcess> ensemble;

    @Before
    public void start() throws Exception {
        ensemble = ZooKeeperProcess.ensemble(TICK_MS);
        for (ZooKeeperProcess server : ensemble) {
            server.start();
        }
        until(
                "a leader and two followers",
                () -> inMode("leader").size() == 1 && inMode("follower").size() == 2);
    }

    @After
    public void stop() {
        ensemble.forEach(ZooKeeperProcess::close);
        clusters.forEach(Cluster::close);
    }

    @Test
    public void a_lease_lapses_before_anybody_sees_the_departure_when_the_leader_hangs() throws Exception {
        ZooKeeperProcess leader = inMode("leader").get(0);
        ZooKeeperProcess follower = inMode("follower").get(0);
        ZooKeeperProcess other = inMode("follower").get(1);
        Watched onLeader = new Watched(join("on-leader", leader.address()));
        Watched onFollower = new Watched(join("on-follower", follower.address()));
        Cluster observer = join("observer", other.address());
        until("all seen", () -> observer.members().all().size() == 3);
        List<String> violations = new CopyOnWriteArrayList<>();
        observer.listen(new ClusterListener() {
            @Override
            public void membersChanged(Members before, Members after) {
                for (Incarnation gone : after.departedSince(before)) {
                    for (Watched watched : new Watched[] {onLeader, onFollower}) {
                        if (watched.cluster.lease().isValid(gone)) {
                            violations.add(gone + " was seen to depart while its lease was valid");
                        }
                    }
                }
            }
        });

        leader.pause();
        until("the lease on the leader lapses", () -> !onLeader.cluster.lease().isValid());
        until(
                "the lease on the follower lapses",
                () -> !onFollower.cluster.lease().isValid());
        assertTrue("nobody was told EXPIRED before its lease lapsed", onLeader.endedWhileValid.isEmpty());
        assertTrue(onFollower.endedWhileValid.isEmpty());
        passes(SESSION_MS * 3 / 2);
        leader.resume();

        until("all are valid again, as the same or as a new incarnation", () -> clusters.stream()
                .allMatch(c -> c.lease().isValid()
                        && observer.members().contains(c.lease().incarnation())));
        assertTrue(violations.toString(), violations.isEmpty());
        assertTrue(onLeader.endedWhileValid.isEmpty() && onFollower.endedWhileValid.isEmpty());
    }

    @Test
    public void a_restart_of_the_whole_ensemble_keeps_every_incarnation() throws Exception {
        Cluster a = join("a", everyone());
        Cluster b = join("b", everyone());
        Incarnation first = a.lease().incarnation();
        Incarnation second = b.lease().incarnation();
        for (ZooKeeperProcess server : ensemble) {
            server.kill();
        }
        until("both leases lapse", () -> !a.lease().isValid() && !b.lease().isValid());
        assertTrue("the incarnation stands", a.lease().stands(first));
        for (ZooKeeperProcess server : ensemble) {
            server.start();
        }
        until("both valid again", () -> a.lease().isValid() && b.lease().isValid());
        assertEquals(first, a.lease().incarnation());
        assertEquals(second, b.lease().incarnation());
    }

    @Test
    public void a_killed_leader_costs_no_incarnation() throws Exception {
        Cluster a = join("a", everyone());
        Incarnation first = a.lease().incarnation();
        inMode("leader").get(0).kill();
        until("another leader", () -> inMode("leader").size() == 1);
        until("valid", () -> a.lease().isValid() && a.lease().remainingMs() > 1_000);
        assertEquals(first, a.lease().incarnation());
        assertFalse(clusters.isEmpty());
    }

    private Cluster join(String id, String address) throws Exception {
        Cluster cluster = ZkCluster.start(
                new ZkOptions(address, "oozie", SESSION_MS, TICK_MS, 30_000),
                new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1),
                System::currentTimeMillis);
        clusters.add(cluster);
        return cluster;
    }

    private String everyone() {
        List<String> addresses = new ArrayList<>();
        ensemble.forEach(server -> addresses.add(server.address()));
        return String.join(",", addresses);
    }

    private List<ZooKeeperProcess> inMode(String mode) {
        List<ZooKeeperProcess> found = new ArrayList<>();
        for (ZooKeeperProcess server : ensemble) {
            if (server.mode().equals(mode)) {
                found.add(server);
            }
        }
        return found;
    }

    /** Remembers an incarnation that was told to have ended although its lease had not been seen to lapse. */
    private static final class Watched implements ClusterListener {
        private final Cluster cluster;
        private final Set<Incarnation> lapsed = ConcurrentHashMap.newKeySet();
        private final Set<Incarnation> endedWhileValid = ConcurrentHashMap.newKeySet();

        private Watched(Cluster cluster) {
            this.cluster = cluster;
            cluster.listen(this);
        }

        @Override
        public void leaseLapsed(Incarnation incarnation) {
            lapsed.add(incarnation);
        }

        @Override
        public void incarnationEnded(Incarnation incarnation) {
            if (!lapsed.contains(incarnation)) {
                endedWhileValid.add(incarnation);
            }
        }
    }
}
