package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.oozieha.cluster.LockQueue.Mode.READ;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import org.junit.Rule;
import org.junit.Test;
import org.oozieha.cluster.ServerState;
import org.oozieha.testing.Eventually;

public final class LockLingerTest {
    private static final String JOB = "0000001-261120110000000-oozie-W";

    @Rule
    public final MemoryLockServers servers = new MemoryLockServers();

    @Test
    public void locking_a_lingering_key_again_asks_nobody() {
        LockTable table = servers.server("one", LockServers.NEVER_ENDS_MS);
        Caller caller = servers.caller(table, "caller");
        for (int i = 0; i < 10; i++) {
            caller.releases(caller.writes(JOB));
        }
        caller.releases(caller.locks(JOB, READ, 0).get());
        assertEquals(1, servers.queue("one").enqueued.get());
        assertEquals(1, table.lingering());
        assertEquals(0, table.held());
    }

    @Test
    public void a_released_lock_lingers_for_its_time_only() {
        LockTable table = servers.server("one", 300);
        Caller caller = servers.caller(table, "caller");
        LockToken token = caller.writes(JOB);
        long released = System.nanoTime();
        caller.releases(token);
        assertEquals(1, table.lingering());
        Eventually.until("it ends", () -> table.lingering() == 0);
        assertTrue(System.nanoTime() - released >= 300_000_000);
        assertEquals(0, table.size());
        Eventually.until("no place is left", () -> servers.places() == 0);
    }

    @Test
    public void a_key_that_is_used_again_lingers_anew() {
        LockTable table = servers.server("one", 200);
        Caller caller = servers.caller(table, "caller");
        caller.releases(caller.writes(JOB));
        LockToken again = caller.writes(JOB);
        long held = System.nanoTime();
        assertTrue(Eventually.within(5_000, () -> System.nanoTime() - held > 400_000_000));
        assertTrue("the first linger does not take the lock away", again.stands());
        long released = System.nanoTime();
        caller.releases(again);
        Eventually.until("it ends", () -> table.size() == 0);
        assertTrue(System.nanoTime() - released >= 200_000_000);
    }

    @Test
    public void a_lingering_lock_gives_way_to_another_server() {
        LockTable one = servers.server("one", LockServers.NEVER_ENDS_MS);
        LockTable two = servers.server("two", LockServers.NEVER_ENDS_MS);
        Caller caller = servers.caller(one, "caller");
        caller.releases(caller.writes(JOB));
        assertTrue(servers.caller(two, "other").locks(JOB, WRITE, 5_000).isPresent());
        assertEquals(0, one.lingering());
    }

    @Test
    public void a_reading_claim_lingers_only_for_readers() {
        LockTable table = servers.server("one", LockServers.NEVER_ENDS_MS);
        Caller caller = servers.caller(table, "caller");
        caller.releases(caller.locks(JOB, READ, 5_000).get());
        caller.releases(caller.locks(JOB, READ, 5_000).get());
        assertEquals(1, servers.queue("one").enqueued.get());
        assertTrue(caller.locks(JOB, WRITE, 5_000).get().stands());
        Eventually.until("one place", () -> servers.places() == 1);
    }

    @Test
    public void class_names_and_sla_registrations_do_not_linger() {
        LockTable table = servers.server("one", LockServers.NEVER_ENDS_MS);
        Caller caller = servers.caller(table, "caller");
        caller.releases(caller.writes("org.apache.oozie.service.StatusTransitService"));
        caller.releases(caller.writes("sla_" + JOB));
        assertEquals(0, table.lingering());
        assertEquals(0, table.size());
    }

    @Test
    public void a_server_that_is_leaving_keeps_nothing_it_does_not_use() {
        LockTable table = servers.server("one", LockServers.NEVER_ENDS_MS);
        Caller caller = servers.caller(table, "caller");
        caller.releases(caller.writes("lingering"));
        LockToken held = caller.writes("held");
        table.dropLingering();
        assertEquals(0, table.lingering());
        assertTrue(held.stands());
        caller.releases(held);
        assertEquals(0, table.size());
        table.resumeLingering();
        caller.releases(caller.writes("held"));
        assertEquals(1, table.lingering());
    }

    @Test
    public void no_lock_lingers_while_the_server_is_draining() {
        LockTable table = servers.server("one", LockServers.NEVER_ENDS_MS);
        Caller caller = servers.caller(table, "caller");
        caller.releases(caller.writes(JOB));
        servers.cluster("one").announce(ServerState.DRAINING);
        Eventually.until("nothing lingers", () -> table.size() == 0);
        caller.releases(caller.writes(JOB));
        assertEquals(0, table.size());
        servers.cluster("one").announce(ServerState.ACTIVE);
        Eventually.until("locks linger again", () -> {
            caller.releases(caller.writes(JOB));
            return table.lingering() == 1;
        });
    }

    @Test
    public void a_hundred_thousand_keys_leave_nothing_behind() {
        LockTable table = servers.server("one", 50);
        Caller caller = servers.caller(table, "caller");
        caller.does(() -> {
            for (int i = 0; i < 100_000; i++) {
                table.acquire(i + "-oozie-W", WRITE, 20_000).get().release();
            }
            return null;
        });
        Eventually.until("the table is empty", () -> table.size() == 0);
        assertEquals(0, table.lingering());
        assertEquals(0, table.held());
        assertTrue(table.tokensOf(caller.thread()).isEmpty());
        Eventually.until("no place is left", () -> servers.places() == 0);
    }
}
