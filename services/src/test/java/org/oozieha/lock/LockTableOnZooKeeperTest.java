package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.oozieha.cluster.LockQueue.Mode.READ;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.testing.Eventually;

public final class LockTableOnZooKeeperTest {
    private static final String JOB = "0000001-261120110000000-oozie-W";
    /** What a wait may take longer than its deadline. */
    private static final long SLACK_MS = 100;

    @Rule
    public final ZooKeeperLockServers servers = new ZooKeeperLockServers();

    private LockTable one;
    private LockTable two;

    @Before
    public void two_servers() {
        one = servers.server("one", LockServers.NEVER_ENDS_MS);
        two = servers.server("two", LockServers.NEVER_ENDS_MS);
    }

    @Test
    public void servers_exclude_each_other_and_share_reading() {
        Caller holder = servers.caller(one, "holder");
        Caller other = servers.caller(two, "other");
        LockToken token = holder.writes(JOB);
        assertFalse(other.locks(JOB, WRITE, 0).isPresent());
        assertFalse(other.locks(JOB, READ, 100).isPresent());
        holder.releases(token);
        LockToken reading = other.locks(JOB, READ, 0).get();
        assertTrue(holder.locks(JOB, READ, 5_000).isPresent());
        assertTrue(reading.stands());
        assertFalse(servers.caller(one, "writer").locks(JOB, WRITE, 100).isPresent());
    }

    @Test
    public void nothing_is_left_after_release_and_after_a_wait_that_ended() {
        LockTable three = servers.server("three", 0);
        Caller holder = servers.caller(three, "holder");
        LockToken token = holder.writes(JOB);
        assertEquals(1, servers.places());
        assertFalse(servers.caller(two, "hasty").locks(JOB, WRITE, 300).isPresent());
        assertTrue(Eventually.within(SLACK_MS, () -> servers.places() == 1));
        holder.releases(token);
        Eventually.until("no place is left", () -> servers.places() == 0);
        assertEquals(0, two.size() + three.size());
    }

    @Test
    public void an_interrupt_leaves_nothing() throws Exception {
        servers.caller(one, "holder").writes(JOB);
        Caller waiter = servers.caller(two, "waiter");
        Future<Optional<LockToken>> asked = waiter.asks(JOB, WRITE, -1);
        Eventually.until("it queues", () -> servers.places() == 2);
        waiter.interrupt();
        try {
            asked.get(Eventually.scaled(10_000), TimeUnit.MILLISECONDS);
            throw new AssertionError("not interrupted");
        } catch (ExecutionException e) {
            assertTrue(e.getCause() instanceof InterruptedException);
        }
        assertTrue(Eventually.within(SLACK_MS, () -> servers.places() == 1));
        assertEquals(0, two.size());
    }

    @Test
    public void nothing_of_a_crashed_server_is_left_and_its_lock_goes_on() {
        LockToken token = servers.caller(one, "holder").writes(JOB);
        Future<Optional<LockToken>> heir = servers.caller(two, "heir").asks(JOB, WRITE, 20_000);
        Eventually.until("it queues", () -> servers.places() == 2);
        servers.link("one").cut();
        while (token.stands()) {
            assertFalse("granted to two servers", heir.isDone() && token.stands());
        }
        assertTrue(Caller.result(heir).get().stands());
        assertEquals(1, servers.places());
    }

    @Test
    public void an_ended_session_takes_its_locks_along_and_the_server_goes_on() throws Exception {
        Caller holder = servers.caller(one, "holder");
        LockToken token = holder.writes(JOB);
        servers.expire("one");
        Eventually.until("the loss is told", token::isDead);
        holder.releases(token);
        assertTrue(holder.locks(JOB, WRITE, 20_000).get().stands());
        assertEquals(1, one.lost());
        assertEquals(1, servers.places());
    }

    @Test
    public void a_deadline_holds_while_zookeeper_is_away_and_nothing_is_left() throws Exception {
        Caller caller = servers.caller(one, "caller");
        caller.releases(caller.writes("lingering"));
        Caller other = servers.caller(two, "other");
        LockToken held = other.writes(JOB);
        servers.zookeeper().stop();
        for (int i = 0; i < 6; i++) {
            deadlineHolds(caller, JOB, 300);
            deadlineHolds(caller, "new-" + i, 300);
        }
        Eventually.until("the lease lapsed", () -> !held.stands());
        deadlineHolds(caller, "lingering", 300);
        deadlineHolds(caller, "new", 0);
        assertEquals("nothing but what is held there", 0, one.size());
        servers.zookeeper().start();
        other.releases(held);
        two.dropLingering();
        Eventually.until("no place is left", () -> servers.places() == 0);
        assertTrue(caller.locks(JOB, WRITE, 20_000).get().stands());
    }

    private void deadlineHolds(Caller caller, String key, long waitMs) {
        long tookMs = caller.does(() -> {
            long asked = System.nanoTime();
            assertFalse(key, one.acquire(key, WRITE, waitMs).isPresent());
            return (System.nanoTime() - asked) / 1_000_000;
        });
        long deadline = waitMs == 0 ? LockRequest.TRY_MS : waitMs;
        assertTrue(key + " took ms " + tookMs, tookMs <= deadline + Eventually.scaled(SLACK_MS));
        assertEquals(0, one.waiting());
    }

    @Test
    public void a_connection_lost_in_the_middle_of_a_create_leaves_nothing() {
        Caller caller = servers.caller(one, "caller");
        for (int i = 0; i < 5; i++) {
            servers.link("one").cut();
            Future<Optional<LockToken>> asked = caller.asks("key-" + i, WRITE, 200);
            assertFalse(Caller.result(asked).isPresent());
            servers.link("one").reset();
            servers.link("one").heal();
            Eventually.until("the lease is valid", () -> servers.lease("one").isValid());
        }
        assertTrue(caller.locks("after", WRITE, 20_000).isPresent());
        Eventually.until("only the last one is left", () -> servers.places() == 1);
        assertEquals(1, one.size());
    }

    @Test
    public void a_create_whose_answer_is_lost_leaves_nothing() {
        Random random = new Random(Long.getLong("it.seed", 1));
        Caller caller = servers.caller(one, "caller");
        for (int i = 0; i < 8; i++) {
            Future<Optional<LockToken>> asked = caller.asks("key-" + i, WRITE, 50);
            LockSupport.parkNanos(random.nextInt(2_000_000));
            servers.link("one").reset();
            Caller.result(asked).ifPresent(caller::releases);
            one.dropLingering();
            one.resumeLingering();
            Eventually.until("the lease is valid", () -> servers.lease("one").isValid());
        }
        assertTrue(caller.locks("after", WRITE, 20_000).isPresent());
        Eventually.until("only the last one is left", () -> servers.places() == 1);
        assertEquals(1, one.size());
    }

    @Test
    public void a_wait_over_a_broken_connection_is_granted_in_its_place() {
        Caller holder = servers.caller(two, "holder");
        LockToken token = holder.writes(JOB);
        Future<Optional<LockToken>> asked = servers.caller(one, "waiter").asks(JOB, WRITE, 20_000);
        Eventually.until("it queues", () -> servers.places() == 2);
        servers.link("one").reset();
        Eventually.until("it is back", () -> servers.lease("one").isValid());
        holder.releases(token);
        assertTrue(Caller.result(asked).get().stands());
        Eventually.until("one place", () -> servers.places() == 1);
    }

    @Test
    public void servers_that_want_the_same_lock_take_turns() {
        String[] ids = {"one", "two", "three"};
        LockTable[] tables = {one, two, servers.server("three", LockServers.NEVER_ENDS_MS)};
        Caller starter = servers.caller(servers.server("zero", 0), "starter");
        LockToken start = starter.writes(JOB);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Semaphore turns = new Semaphore(90);
        List<Future<Boolean>> done = new ArrayList<>();
        for (int s = 0; s < tables.length; s++) {
            for (int t = 0; t < 3; t++) {
                String id = ids[s];
                done.add(servers.caller(tables[s], id + "-" + t).starts(table -> takesTurns(table, id, turns, order)));
            }
        }
        Eventually.until("all servers queue", () -> servers.places() == 4);
        starter.releases(start);
        done.forEach(Caller::result);
        for (int i = 1; i < order.size() - 10; i++) {
            assertFalse("twice in a row at " + i + ": " + order, order.get(i).equals(order.get(i - 1)));
        }
    }

    /** Each turn lasts until this server knows that another one waits, or no turns are left. */
    private boolean takesTurns(LockTable table, String id, Semaphore turns, List<String> order) throws Exception {
        while (turns.tryAcquire()) {
            LockToken token = table.acquire(JOB, WRITE, 60_000).get();
            long earlier = order.stream().filter(id::equals).count();
            order.add(id);
            assertTrue(Eventually.within(
                    5_000,
                    () -> turns.availablePermits() == 0
                            || servers.queue(id).contended.get() > earlier));
            token.release();
        }
        return true;
    }

    @Test
    public void a_hundred_thousand_keys_leave_neither_memory_nor_nodes() throws Exception {
        servers.zookeeper().collectContainers();
        LockTable table = servers.directServer("three", 20);
        List<Future<Boolean>> done = new ArrayList<>();
        for (int t = 0; t < 32; t++) {
            int first = t;
            done.add(servers.caller(table, "caller-" + t).starts(here -> {
                for (int i = first; i < 100_000; i += 32) {
                    here.acquire(i + "-oozie-W", WRITE, 60_000).get().release();
                }
                return true;
            }));
        }
        for (Future<Boolean> caller : done) {
            assertTrue(within(caller, 120_000));
        }
        Eventually.until("the table is empty", () -> table.size() == 0);
        assertEquals(0, table.held() + table.lingering() + table.waiting());
        assertTrue("containers are left: " + servers.keys(), Eventually.within(30_000, () -> servers.keys() == 0));
    }

    private static boolean within(Future<Boolean> future, long ms) {
        try {
            return future.get(Eventually.scaled(ms), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
