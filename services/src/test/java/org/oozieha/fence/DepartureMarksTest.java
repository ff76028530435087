package org.oozieha.fence;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.LockQueue.Mode;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** Grants in mode {@code database}, on an in-memory cluster that runs by itself and rows that tests lock and take away. */
public final class DepartureMarksTest {
    private static final long BOUND_MS = 20_000L * Integer.getInteger("it.timing.scale", 1);

    private final MemoryEnsemble ensemble = MemoryEnsemble.live();
    private final TestRows rows = new TestRows();
    private final List<AutoCloseable> open = new ArrayList<>();

    @After
    public void end() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
        ensemble.close();
    }

    private LockQueue start(MemoryCluster cluster) {
        ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
        DepartureMarks marks = new DepartureMarks(rows, cluster, worker, System::nanoTime);
        open.add(marks);
        open.add(worker::shutdownNow);
        marks.start();
        return new MarkedLockQueue(cluster.locks(), marks);
    }

    private void eventually(String what, java.util.function.BooleanSupplier condition) {
        assertTrue(what, ensemble.await(condition, BOUND_MS));
    }

    @Test
    public void the_first_grant_comes_after_the_own_row_and_after_rows_without_a_member_are_marked() {
        Incarnation gone = Incarnation.of("gone", 5);
        rows.unmarked.add(gone);
        MemoryCluster a = ensemble.join("a");
        MemoryCluster b = ensemble.join("b");
        rows.unmarked.add(b.lease().incarnation());
        rows.held.add(gone);
        Granted claim = new Granted();
        start(a).enqueue("key", Mode.WRITE, claim);
        eventually("tried", () -> rows.refusals > 0);
        assertEquals("[]", claim.told.toString());

        rows.held.clear();
        eventually("granted", () -> claim.told.contains("granted"));
        assertFalse(rows.unmarked.contains(gone));
        assertTrue("its own", rows.unmarked.contains(a.lease().incarnation()));
        assertTrue("that of a member", rows.unmarked.contains(b.lease().incarnation()));
    }

    @Test
    public void what_a_departed_server_held_is_granted_after_its_row_is_marked() {
        MemoryCluster a = ensemble.join("a");
        LockQueue queueOfA = start(a);
        MemoryCluster b = ensemble.join("b");
        Granted first = new Granted();
        start(b).enqueue("key", Mode.WRITE, first);
        eventually("b holds it", () -> first.told.contains("granted"));
        Incarnation lifeOfB = b.lease().incarnation();
        rows.held.add(lifeOfB);
        Granted second = new Granted();
        queueOfA.enqueue("key", Mode.WRITE, second);
        ensemble.crash("b");
        eventually("a tries to mark", () -> rows.refusals > 0);
        assertEquals("[]", second.told.toString());
        assertTrue(rows.unmarked.contains(lifeOfB));
        rows.held.clear();
        eventually("granted", () -> second.told.contains("granted"));
        assertFalse(rows.unmarked.contains(lifeOfB));
    }

    @Test
    public void without_a_database_nothing_new_is_granted_and_what_was_given_up_never() {
        MemoryCluster a = ensemble.join("a");
        rows.down = true;
        LockQueue queue = start(a);
        Granted kept = new Granted();
        queue.enqueue("key", Mode.WRITE, kept);
        Granted givenUp = new Granted();
        LockQueue.Claim claim = queue.enqueue("other", Mode.WRITE, givenUp);
        eventually("tried", () -> rows.refusals > 1);
        claim.release();
        assertEquals("[]", kept.told.toString());
        rows.down = false;
        eventually("granted", () -> kept.told.contains("granted"));
        assertEquals("[]", givenUp.told.toString());
    }

    @Test
    public void a_claim_that_is_lost_while_it_waits_is_lost_and_not_granted() {
        MemoryCluster a = ensemble.join("a");
        rows.down = true;
        Granted claim = new Granted();
        start(a).enqueue("key", Mode.WRITE, claim);
        eventually("tried", () -> rows.refusals > 0);
        ensemble.expire("a");
        eventually("lost", () -> claim.told.contains("lost"));
        rows.down = false;
        eventually("the new life's row", () -> rows.unmarked.contains(a.lease().incarnation()));
        assertEquals("[lost]", claim.told.toString());
    }

    @Test
    public void who_waits_behind_is_told_after_the_grant() {
        MemoryCluster a = ensemble.join("a");
        rows.down = true;
        Granted claim = new Granted();
        start(a).enqueue("key", Mode.WRITE, claim);
        MemoryCluster b = ensemble.join("b");
        b.locks().enqueue("key", Mode.WRITE, new Granted());
        eventually("tried", () -> rows.refusals > 2);
        rows.down = false;
        eventually("contended", () -> claim.told.contains("contended"));
        assertEquals("[granted, contended]", claim.told.toString());
    }

    private static final class Granted implements LockQueue.ClaimListener {
        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void granted() {
            told.add("granted");
        }

        @Override
        public void contended() {
            told.add("contended");
        }

        @Override
        public void lost() {
            told.add("lost");
        }
    }

    private static final class TestRows implements ServerRows {
        private final Set<Incarnation> unmarked = java.util.concurrent.ConcurrentHashMap.newKeySet();
        private final Set<Incarnation> held = java.util.concurrent.ConcurrentHashMap.newKeySet();
        private volatile boolean down;
        private volatile int refusals;

        private void ask() throws SQLException {
            if (down) {
                refusals++;
                throw new SQLException("no database");
            }
        }

        @Override
        public void insert(Incarnation incarnation) throws SQLException {
            ask();
            unmarked.add(incarnation);
        }

        @Override
        public List<Incarnation> unmarked() throws SQLException {
            ask();
            return new ArrayList<>(new HashSet<>(unmarked));
        }

        @Override
        public long highest(String serverId) {
            return 0;
        }

        @Override
        public boolean mark(Incarnation departed) throws SQLException {
            ask();
            if (held.contains(departed)) {
                refusals++;
                return false;
            }
            unmarked.remove(departed);
            return true;
        }
    }
}
