package org.oozieha.lock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.oozieha.cluster.LockQueue.Mode.READ;
import static org.oozieha.cluster.LockQueue.Mode.WRITE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.testing.Eventually;

public final class LockTableTest {
    private static final String JOB = "0000001-261120110000000-oozie-W";

    @Rule
    public final MemoryLockServers servers = new MemoryLockServers();

    private LockTable one;
    private LockTable two;

    @Before
    public void two_servers() {
        one = servers.server("one", 0);
        two = servers.server("two", 0);
    }

    @Test
    public void a_writer_excludes_every_thread_of_every_server() {
        Caller holder = servers.caller(one, "holder");
        LockToken token = holder.writes(JOB);
        assertTrue(token.stands());
        assertEquals(JOB, token.key());
        assertEquals(WRITE, token.mode());
        assertEquals("one", token.incarnation().serverId());
        assertFalse(servers.caller(one, "here").locks(JOB, WRITE, 0).isPresent());
        assertFalse(servers.caller(one, "here reading").locks(JOB, READ, 50).isPresent());
        assertFalse(servers.caller(two, "there").locks(JOB, WRITE, 50).isPresent());
        assertFalse(servers.caller(two, "there reading").locks(JOB, READ, 0).isPresent());
        holder.releases(token);
        assertFalse(token.stands());
        assertTrue(servers.caller(two, "later").locks(JOB, WRITE, 5_000).isPresent());
    }

    @Test
    public void readers_share_and_exclude_writers() {
        LockToken here = servers.caller(one, "a").locks(JOB, READ, 5_000).get();
        LockToken beside = servers.caller(one, "b").locks(JOB, READ, 0).get();
        LockToken there = servers.caller(two, "c").locks(JOB, READ, 5_000).get();
        assertTrue(here.stands() && beside.stands() && there.stands());
        assertFalse(servers.caller(one, "writer").locks(JOB, WRITE, 50).isPresent());
        assertFalse(servers.caller(two, "writer").locks(JOB, WRITE, 50).isPresent());
    }

    @Test
    public void a_nested_lock_is_counted() {
        Caller holder = servers.caller(one, "holder");
        LockToken outer = holder.writes(JOB);
        LockToken inner = holder.locks(JOB, WRITE, 0).get();
        LockToken reading = holder.locks(JOB, READ, 0).get();
        assertEquals(Arrays.asList(outer, inner, reading), one.tokensOf(holder.thread()));
        assertEquals(1, one.held());
        holder.releases(outer);
        holder.releases(reading);
        assertTrue(inner.stands());
        assertFalse(servers.caller(one, "other").locks(JOB, WRITE, 0).isPresent());
        holder.releases(inner);
        assertEquals(0, one.held());
        assertTrue(servers.caller(one, "other").locks(JOB, WRITE, 5_000).isPresent());
    }

    @Test
    public void releasing_twice_releases_once() {
        Caller holder = servers.caller(one, "holder");
        LockToken outer = holder.writes(JOB);
        LockToken inner = holder.writes(JOB);
        holder.releases(inner);
        holder.releases(inner);
        assertTrue(outer.stands());
        assertFalse(servers.caller(two, "other").locks(JOB, WRITE, 50).isPresent());
    }

    @Test
    public void another_thread_cannot_release() {
        Caller holder = servers.caller(one, "holder");
        LockToken token = holder.writes(JOB);
        IllegalMonitorStateException refused = assertThrows(IllegalMonitorStateException.class, token::release);
        assertTrue(refused.getMessage(), refused.getMessage().contains("holder"));
        assertTrue(token.stands());
        holder.releases(token);
        token.release();
        assertEquals(0, one.held());
    }

    @Test
    public void a_reader_that_asks_to_write_is_refused_at_once() {
        Caller reader = servers.caller(one, "reader");
        LockToken token = reader.locks(JOB, READ, 5_000).get();
        assertFalse(reader.locks(JOB, WRITE, -1).isPresent());
        assertTrue(token.stands());
    }

    @Test
    public void threads_take_turns_in_the_order_of_arrival() {
        Caller holder = servers.caller(one, "holder");
        LockToken token = holder.writes(JOB);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Future<?>> turns = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String name = "waiter " + i;
            turns.add(ordered(servers.caller(one, name), name, order));
            int waiting = i + 1;
            Eventually.until("the next one waits", () -> one.waiting() == waiting);
        }
        assertFalse(
                "a try does not overtake",
                servers.caller(one, "try").locks(JOB, WRITE, 0).isPresent());
        holder.releases(token);
        turns.forEach(Caller::result);
        assertEquals(Arrays.asList("waiter 0", "waiter 1", "waiter 2", "waiter 3", "waiter 4"), order);
    }

    private static Future<?> ordered(Caller caller, String name, List<String> order) {
        return caller.starts(table -> {
            LockToken token = table.acquire(JOB, WRITE, 10_000).get();
            order.add(name);
            token.release();
            return name;
        });
    }

    @Test
    public void a_waiting_writer_is_not_overtaken_by_readers() {
        Caller reader = servers.caller(one, "reader");
        LockToken reading = reader.locks(JOB, READ, 5_000).get();
        Caller writer = servers.caller(one, "writer");
        Future<Optional<LockToken>> written = writer.asks(JOB, WRITE, 10_000);
        Eventually.until("the writer waits", () -> one.waiting() == 1);
        Future<Optional<LockToken>> late = servers.caller(one, "late reader").asks(JOB, READ, 10_000);
        Eventually.until("the late reader waits", () -> one.waiting() == 2);
        reader.releases(reading);
        LockToken writing = Caller.result(written).get();
        assertFalse(late.isDone());
        writer.releases(writing);
        assertTrue(Caller.result(late).isPresent());
    }

    @Test
    public void threads_of_a_busy_server_do_not_keep_another_server_waiting() {
        Caller first = servers.caller(one, "first");
        LockToken token = first.writes(JOB);
        Caller second = servers.caller(one, "second");
        Future<Optional<LockToken>> here = second.asks(JOB, WRITE, 20_000);
        Eventually.until("a thread here waits", () -> one.waiting() == 1);
        Caller remote = servers.caller(two, "remote");
        Future<Optional<LockToken>> there = remote.asks(JOB, WRITE, 20_000);
        Eventually.until("the other server queues", () -> servers.places() == 2);
        Eventually.until("and is seen", () -> servers.queue("one").contended.get() == 1);
        first.releases(token);
        LockToken remoteToken = Caller.result(there).get();
        assertFalse(here.isDone());
        remote.releases(remoteToken);
        assertTrue(Caller.result(here).isPresent());
    }

    @Test
    public void readers_of_a_busy_server_do_not_keep_another_servers_writer_waiting() {
        Caller reader = servers.caller(one, "reader");
        LockToken reading = reader.locks(JOB, READ, 5_000).get();
        Caller remote = servers.caller(two, "remote");
        Future<Optional<LockToken>> there = remote.asks(JOB, WRITE, 20_000);
        Eventually.until(
                "the writer is seen", () -> servers.queue("one").contended.get() == 1);
        assertFalse(servers.caller(one, "late reader").locks(JOB, READ, 100).isPresent());
        assertTrue("nested is not late", reader.locks(JOB, READ, 0).isPresent());
        reader.does(() -> {
            one.tokensOf(Thread.currentThread()).forEach(LockToken::release);
            return null;
        });
        assertFalse(reading.stands());
        assertTrue(Caller.result(there).isPresent());
    }

    @Test
    public void a_thread_knows_its_own_tokens_only() {
        Caller a = servers.caller(one, "a");
        Caller b = servers.caller(one, "b");
        LockToken first = a.writes("x");
        LockToken second = a.writes("y");
        LockToken other = b.writes("z");
        assertEquals(Arrays.asList(first, second), one.tokensOf(a.thread()));
        assertSame(other, one.tokensOf(b.thread()).get(0));
        a.releases(first);
        assertEquals(Collections.singletonList(second), one.tokensOf(a.thread()));
    }

    @Test
    public void a_key_with_a_slash_is_refused_with_its_name() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> one.acquire("a/b", WRITE, 0));
        assertTrue(refused.getMessage().contains("a/b"));
        assertThrows(IllegalArgumentException.class, () -> one.acquire("", WRITE, 0));
    }

    @Test
    public void closing_ends_all_waits_and_keeps_what_is_held() {
        Caller holder = servers.caller(one, "holder");
        LockToken token = holder.writes(JOB);
        Future<Optional<LockToken>> waiter = servers.caller(one, "waiter").asks(JOB, WRITE, -1);
        Eventually.until("it waits", () -> one.waiting() == 1);
        one.close();
        assertFalse(Caller.result(waiter).isPresent());
        assertFalse(servers.caller(one, "late").locks("other", WRITE, 1_000).isPresent());
        assertTrue(token.stands());
        holder.releases(token);
        assertEquals(0, one.size());
        Eventually.until("no place is left", () -> servers.places() == 0);
    }
}
