package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.testing.Eventually;

public final class LockLossTest {
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
    public void a_token_stops_standing_before_another_server_gets_the_lock() {
        LockToken token = servers.caller(one, "holder").writes(JOB);
        servers.ensemble().cut("one");
        Future<Optional<LockToken>> taken = servers.caller(two, "heir").asks(JOB, WRITE, 20_000);
        while (token.stands()) {
            assertFalse("granted to two servers", taken.isDone() && token.stands());
        }
        assertTrue(Caller.result(taken).get().stands());
    }

    @Test
    public void a_token_stands_again_if_the_same_incarnation_is_back_in_time() {
        LockToken token = servers.caller(one, "holder").writes(JOB);
        servers.ensemble().stop();
        Eventually.until("the lease lapses", () -> !token.stands());
        assertFalse(token.isDead());
        servers.ensemble().start();
        Eventually.until("the token stands again", token::stands);
    }

    @Test
    public void a_lost_token_stays_lost_and_is_released_silently() {
        Caller holder = servers.caller(one, "holder");
        LockToken token = holder.writes(JOB);
        servers.ensemble().expire("one");
        Eventually.until("the loss is told", token::isDead);
        Eventually.until("a new incarnation", () -> servers.lease("one").isValid());
        assertFalse(token.stands());
        assertEquals(1, one.lost());
        assertEquals(0, one.held());
        assertFalse(
                "a thread with a dead token gets nothing",
                holder.locks("other", WRITE, 1_000).isPresent());
        holder.releases(token);
        assertTrue(holder.locks(JOB, WRITE, 5_000).get().stands());
        assertFalse(token.stands());
    }

    @Test
    public void a_lost_key_is_queued_for_anew() {
        Caller holder = servers.caller(one, "holder");
        LockToken lost = holder.writes(JOB);
        Future<Optional<LockToken>> waiter = servers.caller(one, "waiter").asks(JOB, WRITE, 20_000);
        Eventually.until("it waits", () -> one.waiting() == 1);
        servers.ensemble().expire("one");
        assertTrue("at once", Eventually.within(2_000, waiter::isDone));
        LockToken next = Caller.result(waiter).get();
        assertTrue(next.incarnation().supersedes(lost.incarnation()));
        holder.releases(lost);
        assertTrue("releasing the lost token does not touch the new one", next.stands());
        assertFalse(servers.caller(two, "other").locks(JOB, WRITE, 100).isPresent());
    }

    @Test
    public void a_lingering_lock_that_was_lost_is_forgotten() {
        Caller caller = servers.caller(one, "caller");
        caller.releases(caller.writes(JOB));
        servers.ensemble().expire("one");
        Eventually.until("nothing lingers", () -> one.size() == 0);
        assertEquals("only held locks count as lost", 0, one.lost());
        assertTrue(caller.locks(JOB, WRITE, 5_000).get().stands());
    }

    @Test
    public void a_waiting_claim_that_was_lost_is_queued_for_anew() {
        Caller holder = servers.caller(two, "holder");
        LockToken token = holder.writes(JOB);
        Future<Optional<LockToken>> waiter = servers.caller(one, "waiter").asks(JOB, WRITE, 20_000);
        Eventually.until("it queues", () -> servers.places() == 2);
        servers.ensemble().expire("one");
        Eventually.until("it queues again", () -> servers.queue("one").enqueued.get() >= 2);
        holder.releases(token);
        assertTrue(Caller.result(waiter).get().stands());
    }

    @Test
    public void a_veto_ends_all_tokens_of_the_thread_until_it_has_released_them() {
        Caller vetoed = servers.caller(one, "vetoed");
        Caller other = servers.caller(one, "other");
        LockToken first = vetoed.writes("x");
        LockToken second = vetoed.writes("y");
        LockToken spared = other.writes("z");
        one.killAll(vetoed.thread());
        assertFalse(first.stands() || second.stands());
        assertTrue(spared.stands());
        assertFalse(vetoed.locks("x", WRITE, -1).isPresent());
        assertFalse(vetoed.locks("new", WRITE, -1).isPresent());
        assertFalse("held until released", other.locks("x", WRITE, 0).isPresent());
        assertFalse(
                "elsewhere too",
                servers.caller(two, "remote").locks("y", WRITE, 50).isPresent());
        vetoed.releases(second);
        assertFalse(vetoed.locks("new", WRITE, -1).isPresent());
        vetoed.releases(first);
        assertTrue(vetoed.locks("new", WRITE, 5_000).get().stands());
        assertEquals(0, one.lost());
    }
}
