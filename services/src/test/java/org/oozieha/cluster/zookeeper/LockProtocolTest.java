package org.oozieha.cluster.zookeeper;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.oozieha.testing.Eventually.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.retry.RetryOneTime;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.ServerIdentity;

/** What {@link ZkLockQueue} leaves in ZooKeeper, what it costs, and with whom it shares its protocol. */
public final class LockProtocolTest {
    private EmbeddedZooKeeper zookeeper;
    private Link link;
    private ZkCluster a;

    @Before
    public void start() throws Exception {
        zookeeper = new EmbeddedZooKeeper();
        link = new Link(zookeeper::port);
        a = join("a", link.address());
    }

    @After
    public void stop() {
        link.close();
        a.close();
        zookeeper.close();
    }

    @Test
    public void connections_broken_in_the_middle_of_creates_leave_no_node_and_lose_no_claim() throws Exception {
        long seed = Long.getLong("it.seed", 1);
        Random random = new Random(seed);
        AtomicInteger granted = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        List<LockQueue.Claim> kept = new ArrayList<>();
        int withdrawn = 0;
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < 40; i++) {
                LockQueue.Claim claim =
                        a.locks().enqueue("key-" + round + '-' + i, LockQueue.Mode.WRITE, counting(granted, lost));
                if (random.nextInt(3) == 0) {
                    claim.release();
                    withdrawn++;
                } else {
                    kept.add(claim);
                }
                if (random.nextInt(25) == 0) {
                    link.reset();
                }
            }
        }
        String where = "seed=" + seed + " kept=" + kept.size() + " withdrawn=" + withdrawn + " lost=" + lost;
        until("every kept claim is granted: " + where, () -> granted.get() >= kept.size());
        assertEquals(where, 0, lost.get());
        until("one node for each: " + where, () -> zookeeper.grandChildren("/oozie/locks") == kept.size());
        kept.forEach(LockQueue.Claim::release);
        until("nothing left: " + where, () -> zookeeper.grandChildren("/oozie/locks") == 0);
    }

    @Test
    public void a_known_key_costs_two_writes_and_a_new_one_three() throws Exception {
        lockAndRelease("warm-up");
        long newKey = Long.MAX_VALUE;
        long knownKey = Long.MAX_VALUE;
        for (int run = 0; run < 3; run++) {
            String key = "k" + run;
            newKey = Math.min(newKey, writesOf(() -> lockAndRelease(key)));
            knownKey = Math.min(knownKey, writesOf(() -> lockAndRelease(key)));
        }
        assertEquals("a failed create, the pair, the delete", 3, newKey);
        assertEquals("the create and the delete", 2, knownKey);
    }

    @Test
    public void curators_lock_and_ours_exclude_each_other_in_both_directions() throws Exception {
        CuratorFramework curator = CuratorFrameworkFactory.builder()
                .connectString(zookeeper.address())
                .namespace("oozie")
                .retryPolicy(new RetryOneTime(100))
                .build();
        try {
            curator.start();
            InterProcessReadWriteLock theirs = new InterProcessReadWriteLock(curator, "/locks/shared");
            AtomicInteger granted = new AtomicInteger();
            AtomicInteger contended = new AtomicInteger();
            theirs.writeLock().acquire();
            LockQueue.Claim ours = a.locks().enqueue("shared", LockQueue.Mode.READ, new LockQueue.ClaimListener() {
                @Override
                public void granted() {
                    granted.incrementAndGet();
                }

                @Override
                public void contended() {
                    contended.incrementAndGet();
                }

                @Override
                public void lost() {}
            });
            until("ours is queued", () -> zookeeper.grandChildren("/oozie/locks") == 2);
            assertEquals(0, granted.get());
            theirs.writeLock().release();
            until("ours is granted", () -> granted.get() == 1);
            assertTrue("their reader shares it", theirs.readLock().acquire(5, java.util.concurrent.TimeUnit.SECONDS));
            theirs.readLock().release();
            assertTrue(
                    "their writer does not",
                    !theirs.writeLock().acquire(300, java.util.concurrent.TimeUnit.MILLISECONDS));
            assertTrue("and ours was asked for it", contended.get() >= 1);
            ours.release();
            assertTrue(theirs.writeLock().acquire(5, java.util.concurrent.TimeUnit.SECONDS));
            theirs.writeLock().release();
        } finally {
            curator.close();
        }
    }

    @Test
    public void strangers_nodes_in_a_queue_are_ignored() throws Exception {
        lockAndRelease("k");
        zookeeper
                .admin()
                .create(
                        "/oozie/locks/k/what-is-this",
                        new byte[0],
                        org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        org.apache.zookeeper.CreateMode.PERSISTENT);
        lockAndRelease("k");
    }

    @Test
    public void a_lock_that_somebody_deletes_is_told_to_be_lost() throws Exception {
        AtomicInteger granted = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        a.locks().enqueue("k", LockQueue.Mode.WRITE, counting(granted, lost));
        until("held", () -> granted.get() == 1);
        String node = zookeeper.admin().getChildren("/oozie/locks/k", false).get(0);
        zookeeper.admin().delete("/oozie/locks/k/" + node, -1);
        until("lost", () -> lost.get() == 1);
    }

    @Test
    public void locks_work_again_after_their_parent_was_deleted_and_nothing_is_written_in_a_loop() throws Exception {
        lockAndRelease("k");
        zookeeper.wipe("/oozie/locks");
        long writes = writesOf(() -> lockAndRelease("k"));
        assertTrue("writes " + writes, writes < 20);
    }

    private void lockAndRelease(String key) {
        AtomicInteger granted = new AtomicInteger();
        LockQueue.Claim claim = a.locks().enqueue(key, LockQueue.Mode.WRITE, counting(granted, new AtomicInteger()));
        until("granted " + key, () -> granted.get() == 1);
        int before = zookeeper.grandChildren("/oozie/locks");
        claim.release();
        until("gone", () -> before > 0 && zookeeper.grandChildren("/oozie/locks") < before);
    }

    /** A heartbeat may fall in between: the fewest of several runs count. */
    private long writesOf(Runnable what) {
        long before = zookeeper.lastZxid();
        what.run();
        return zookeeper.lastZxid() - before;
    }

    private static LockQueue.ClaimListener counting(AtomicInteger granted, AtomicInteger lost) {
        return new LockQueue.ClaimListener() {
            @Override
            public void granted() {
                granted.incrementAndGet();
            }

            @Override
            public void contended() {}

            @Override
            public void lost() {
                lost.incrementAndGet();
            }
        };
    }

    private static ZkCluster join(String id, String address) throws Exception {
        return ZkCluster.start(
                new ZkOptions(address, "oozie", 30_000, EmbeddedZooKeeper.TICK_MS, 20_000),
                new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", 1),
                System::currentTimeMillis);
    }
}
