package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;
import static org.oozieha.cluster.LockQueue.Mode.READ;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.testing.Eventually;

public final class LockDeadlineTest {
    private static final String JOB = "0000001-261120110000000-oozie-W";

    @Rule
    public final MemoryLockServers servers = new MemoryLockServers();

    private LockTable one;
    private LockTable two;

    @Before
    public void two_servers() {
        one = servers.server("one", LockServers.NEVER_ENDS_MS);
        two = servers.server("two", LockServers.NEVER_ENDS_MS);
    }

    @Test
    public void a_wait_ends_at_its_deadline_and_leaves_nothing() {
        servers.caller(one, "holder").writes(JOB);
        long started = System.nanoTime();
        assertFalse(servers.caller(two, "waiter").locks(JOB, WRITE, 300).isPresent());
        long tookMs = (System.nanoTime() - started) / 1_000_000;
        assertTrue("took " + tookMs, tookMs >= 300 && tookMs < Eventually.scaled(1_000));
        assertEquals(0, two.size());
        assertEquals(0, two.waiting());
        assertTrue(Eventually.within(100, () -> servers.places() == 1));
    }

    @Test
    public void a_wait_that_ends_keeps_the_claim_for_another_thread() {
        Caller holder = servers.caller(one, "holder");
        LockToken token = holder.writes(JOB);
        Caller patient = servers.caller(two, "patient");
        Future<Optional<LockToken>> granted = patient.asks(JOB, WRITE, 20_000);
        Eventually.until("the patient one waits", () -> two.waiting() == 1);
        assertFalse(servers.caller(two, "hasty").locks(JOB, WRITE, 100).isPresent());
        assertEquals(1, servers.queue("two").enqueued.get());
        holder.releases(token);
        assertTrue(Caller.result(granted).isPresent());
    }

    @Test
    public void readers_go_on_when_the_writer_before_them_gives_up() {
        servers.caller(one, "reader").locks(JOB, READ, 5_000).get();
        Future<Optional<LockToken>> writer = servers.caller(one, "writer").asks(JOB, WRITE, 300);
        Eventually.until("the writer waits", () -> one.waiting() == 1);
        Future<Optional<LockToken>> late = servers.caller(one, "late reader").asks(JOB, READ, 10_000);
        assertFalse(Caller.result(writer).isPresent());
        assertTrue("at once", Eventually.within(2_000, late::isDone));
        assertTrue(Caller.result(late).isPresent());
    }

    @Test
    public void a_try_fails_at_once_when_a_thread_here_holds_the_lock() {
        servers.caller(one, "holder").writes(JOB);
        Caller other = servers.caller(one, "other");
        assertFalse(other.does(() -> {
                    long started = System.nanoTime();
                    assertFalse(one.acquire(JOB, WRITE, 0).isPresent());
                    return System.nanoTime() - started > TimeUnit.MILLISECONDS.toNanos(LockRequest.TRY_MS / 2);
                })
                .booleanValue());
    }

    @Test
    public void a_try_makes_a_server_give_way_where_the_lock_only_lingers() {
        Caller before = servers.caller(one, "before");
        before.releases(before.writes(JOB));
        assertEquals(1, one.lingering());
        assertTrue(servers.caller(two, "try").locks(JOB, WRITE, 0).isPresent());
        Eventually.until("nothing lingers", () -> one.size() == 0);
    }

    @Test
    public void a_try_ends_within_its_bound_where_another_server_holds_the_lock() {
        servers.caller(one, "holder").writes(JOB);
        long started = System.nanoTime();
        assertFalse(servers.caller(two, "try").locks(JOB, WRITE, 0).isPresent());
        long tookMs = (System.nanoTime() - started) / 1_000_000;
        assertTrue("took " + tookMs, tookMs < LockRequest.TRY_MS + Eventually.scaled(500));
        assertTrue(Eventually.within(100, () -> servers.places() == 1));
    }

    @Test
    public void an_interrupt_ends_the_wait_and_leaves_nothing() {
        servers.caller(one, "holder").writes(JOB);
        for (LockTable table : new LockTable[] {one, two}) {
            Caller waiter = servers.caller(table, "waiter");
            Future<Optional<LockToken>> asked = waiter.asks(JOB, WRITE, -1);
            Eventually.until("it waits", () -> table.waiting() == 1);
            waiter.interrupt();
            try {
                asked.get(Eventually.scaled(10_000), TimeUnit.MILLISECONDS);
                fail("not interrupted");
            } catch (ExecutionException e) {
                assertTrue(e.getCause().toString(), e.getCause() instanceof InterruptedException);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            assertEquals(0, table.waiting());
        }
        assertEquals(0, two.size());
        assertTrue(Eventually.within(100, () -> servers.places() == 1));
    }

    @Test
    public void while_the_service_is_away_a_wait_ends_at_its_deadline_and_leaves_nothing() {
        servers.ensemble().stop();
        assertFalse(servers.caller(one, "new key").locks("new", WRITE, 200).isPresent());
        assertEquals(0, one.size());
        Eventually.until("the lease lapses", () -> !servers.lease("one").isValid());
        assertFalse(servers.caller(one, "new key").locks("new", WRITE, 200).isPresent());
        long started = System.nanoTime();
        assertFalse(servers.caller(one, "try").locks("new", WRITE, 0).isPresent());
        assertTrue("a try does not wait for the lease", System.nanoTime() - started < LockRequest.TRY_MS * 1_000_000);
        assertEquals(0, one.size());
        servers.ensemble().start();
        assertTrue(servers.caller(one, "after").locks("new", WRITE, 5_000).isPresent());
        Eventually.until("one place", () -> servers.places() == 1);
    }

    @Test
    public void a_wait_that_began_in_an_outage_is_granted_after_it() {
        servers.ensemble().stop();
        Eventually.until("the lease lapses", () -> !servers.lease("one").isValid());
        Future<Optional<LockToken>> asked = servers.caller(one, "waiter").asks(JOB, WRITE, 20_000);
        Eventually.until("it waits", () -> one.waiting() == 1);
        servers.ensemble().start();
        assertTrue(Caller.result(asked).get().stands());
    }

    @Test
    public void a_lingering_lock_is_not_granted_again_before_the_lease_is_valid() {
        Caller caller = servers.caller(one, "caller");
        caller.releases(caller.writes(JOB));
        servers.ensemble().stop();
        Eventually.until("the lease lapses", () -> !servers.lease("one").isValid());
        Future<Optional<LockToken>> asked = caller.asks(JOB, WRITE, 20_000);
        Eventually.until("it waits", () -> one.waiting() == 1);
        assertFalse(servers.caller(one, "try").locks(JOB, WRITE, 0).isPresent());
        assertFalse(asked.isDone());
        servers.ensemble().start();
        assertTrue(Caller.result(asked).get().stands());
    }

    @Test
    public void a_nested_lock_waits_for_the_lease_too() {
        Caller caller = servers.caller(one, "caller");
        LockToken outer = caller.writes(JOB);
        servers.ensemble().stop();
        Eventually.until("the lease lapses", () -> !outer.stands());
        assertFalse(caller.locks(JOB, WRITE, 50).isPresent());
        Future<Optional<LockToken>> nested = caller.asks(JOB, WRITE, 20_000);
        servers.ensemble().start();
        assertTrue(Caller.result(nested).get().stands());
        assertTrue("the same incarnation went on", outer.stands());
    }
}
