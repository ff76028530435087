package org.oozieha.fence;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue.Mode;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;
import org.oozieha.lock.LockTable;
import org.oozieha.lock.LockToken;

/** Real locks on an in-memory cluster that runs by itself, T = 2.4 s. */
public final class FenceTest {
    private static final String JOB = "0000001-260101000000000-oozie-W";
    private static final long BOUND_MS = 20_000L * Integer.getInteger("it.timing.scale", 1);
    private static final long SHORT_MS = 200;

    private final MemoryEnsemble ensemble = MemoryEnsemble.live();
    private final MemoryCluster cluster = ensemble.join("a");
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final LockTable locks = new LockTable(cluster.locks(), cluster.lease(), timer, System::nanoTime, 0);
    private final List<Set<String>> vetoes = new CopyOnWriteArrayList<>();

    @After
    public void end() {
        locks.close();
        timer.shutdownNow();
        others.shutdownNow();
        ensemble.close();
    }

    private Fence fence(long waitMs, int waiters) {
        Fence fence = new Fence(cluster.lease(), Optional.of(locks), waitMs, waiters, System::nanoTime);
        fence.onVeto(vetoes::add);
        return fence;
    }

    private LockToken lock(String key) throws InterruptedException {
        return locks.acquire(key, Mode.WRITE, BOUND_MS).get();
    }

    private static String refused(Fence fence, Opening opening) {
        try {
            fence.require(opening);
        } catch (VetoException veto) {
            return veto.getMessage();
        }
        throw new AssertionError("it may commit");
    }

    @Test
    public void a_thread_may_commit_while_its_tokens_stand() throws Exception {
        Fence fence = fence(SHORT_MS, 1);
        Opening opening = fence.open();
        LockToken token = lock(JOB);
        fence.require(opening);
        token.release();
        fence.require(opening);
        assertEquals(0, fence.vetoed());
    }

    @Test
    public void in_an_outage_a_thread_without_tokens_may_commit_and_one_with_may_not() throws Exception {
        Fence fence = fence(SHORT_MS, 1);
        LockToken token = lock(JOB);
        ensemble.stop();
        assertTrue(ensemble.await(() -> !cluster.lease().isValid(), BOUND_MS));
        others.submit(() -> fence.require(fence.open())).get(BOUND_MS, TimeUnit.MILLISECONDS);

        String why = refused(fence, fence.open());
        assertTrue(why, why.contains("lapsed") && why.contains(JOB));
        assertEquals(Collections.singletonList(Collections.singleton(JOB)), vetoes);
        assertEquals(1, fence.vetoed());

        // final: also when the lease is valid again, until the token is released
        ensemble.start();
        assertTrue(ensemble.await(() -> cluster.lease().isValid(), BOUND_MS));
        refused(fence, fence.open());
        assertFalse("another lock", locks.acquire("other-W", Mode.WRITE, 0).isPresent());
        token.release();
        fence.require(fence.open());
    }

    @Test
    public void a_lease_that_comes_back_in_time_fails_nothing() throws Exception {
        Fence fence = fence(BOUND_MS, 1);
        LockToken token = lock(JOB);
        ensemble.stop();
        assertTrue(ensemble.await(() -> !cluster.lease().isValid(), BOUND_MS));
        assertTrue(fence.verdict(fence.open()).mayWait());
        others.submit(ensemble::start);
        fence.require(fence.open());
        assertTrue(token.stands());
        assertEquals(0, fence.vetoed());
    }

    @Test
    public void only_so_many_commits_wait() throws Exception {
        Fence fence = fence(BOUND_MS, 1);
        lock(JOB);
        ensemble.stop();
        assertTrue(ensemble.await(() -> !cluster.lease().isValid(), BOUND_MS));
        Future<?> opener = others.submit(() -> {
            // waits for a row that never comes
            fence.require(fence.open(), incarnation -> false);
        });
        assertTrue(ensemble.await(
                () -> Thread.getAllStackTraces().values().stream().anyMatch(FenceTest::waitsInFence), BOUND_MS));
        String why = refused(fence, fence.open());
        assertTrue(why, why.contains("too many"));
        assertFalse(opener.isDone());
    }

    private static boolean waitsInFence(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().equals(Fence.class.getName())
                    && frame.getMethodName().equals("await")) {
                return true;
            }
        }
        return false;
    }

    @Test
    public void nothing_of_an_ended_incarnation_may_be_committed() throws Exception {
        Fence fence = fence(SHORT_MS, 1);
        Opening opening = fence.open();
        Incarnation before = cluster.lease().incarnation();
        LockToken token = lock(JOB);
        ensemble.expire("a");
        assertTrue(ensemble.await(() -> cluster.lease().incarnation().supersedes(before), BOUND_MS));
        refused(fence, opening);
        refused(fence, fence.open());
        token.release();
        String why = refused(fence, opening);
        assertTrue(why, why.contains("has ended"));
        fence.require(fence.open());
    }

    @Test
    public void what_was_opened_between_two_incarnations_is_good_in_the_next_if_that_comes_in_time() {
        ScriptedLease lease = new ScriptedLease();
        long[] now = {0};
        Fence fence = new Fence(lease, Optional.empty(), 1_000, 1, () -> now[0]);
        lease.ended = true;
        Opening between = fence.open();
        assertTrue(fence.verdict(between).mayWait());
        lease.ended = false;
        assertTrue("the ended one cannot come back", fence.verdict(between).mayWait());
        lease.number = 2;
        assertTrue(fence.verdict(between).mayCommit());
        assertEquals(lease.incarnation(), fence.verdict(between).incarnation());
        now[0] = TimeUnit.MILLISECONDS.toNanos(1_001);
        assertFalse(fence.verdict(between).mayCommit());
        assertFalse(fence.verdict(between).mayWait());
    }

    @Test
    public void a_listener_that_fails_does_not_lift_the_veto() throws Exception {
        Fence fence = fence(SHORT_MS, 1);
        List<String> told = new ArrayList<>();
        fence.onVeto(keys -> {
            throw new IllegalStateException("listener");
        });
        fence.onVeto(told::addAll);
        Opening opening = fence.open();
        ensemble.expire("a");
        assertTrue(ensemble.await(() -> !fence.verdict(opening).mayCommit(), BOUND_MS));
        try {
            fence.require(opening);
            fail("committed");
        } catch (VetoException veto) {
            assertEquals(Collections.emptyList(), told);
        }
    }

    private static final class ScriptedLease implements Lease {
        private long number = 1;
        private boolean ended;

        @Override
        public Incarnation incarnation() {
            return Incarnation.of("a", number);
        }

        @Override
        public boolean isValid(Incarnation incarnation) {
            return stands(incarnation);
        }

        @Override
        public boolean stands(Incarnation incarnation) {
            return !ended && incarnation.equals(incarnation());
        }

        @Override
        public long remainingMs() {
            return ended ? 0 : 1_000;
        }
    }
}
