package org.oozieha.hcat.waiting;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.oozieha.hcat.waiting.Dependencies.on;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryEnsemble;
import org.oozieha.hcat.testing.ManualTimer;
import org.oozieha.partition.Partition;

public final class RegistrationsTest {
    private static final int ACTIONS = 2_000;

    private final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    private final TreeMap<String, String> database = new TreeMap<>();
    private final ManualTimer timer = new ManualTimer();
    private boolean databaseDown;
    private int queries;

    @After
    public void close() {
        ensemble.close();
    }

    @Test
    public void the_survivors_have_registered_everything_once_the_registrar_is_gone() {
        fill();
        Server a = new Server("a");
        Server b = new Server("b");
        Server c = new Server("c");
        settle();
        Set<String> before = new TreeSet<>(b.waiters.actions());
        assertTrue("share of b: " + before.size(), before.size() > ACTIONS / 5 && before.size() < ACTIONS / 2);
        Set<String> all = new TreeSet<>(before);
        all.addAll(c.waiters.actions());
        all.addAll(a.waiters.actions());
        assertEquals(database.keySet(), all);

        ensemble.crash("a");
        ensemble.advance(15_000);
        settle();
        Set<String> survivors = new TreeSet<>(b.waiters.actions());
        survivors.addAll(c.waiters.actions());
        assertEquals(database.keySet(), survivors);
        assertTrue(b.waiters.actions().containsAll(before));
    }

    @Test
    public void what_does_not_wait_any_more_is_forgotten_and_its_table_released() {
        fill();
        Server a = new Server("a");
        settle();
        assertEquals(ACTIONS, a.waiters.actions().size());
        database.clear();
        timer.advance(600_000);
        assertEquals(Collections.emptySet(), a.waiters.actions());
        assertEquals(Collections.singleton(Dependencies.TABLE), a.released);
    }

    @Test
    public void a_database_that_is_down_for_an_hour_delays_it_no_longer_than_half_a_minute_after() {
        fill();
        databaseDown = true;
        Server a = new Server("a");
        settle();
        timer.advance(3_600_000);
        assertTrue("queries: " + queries, queries < 200);
        databaseDown = false;
        timer.advance(30_000);
        assertEquals(ACTIONS, a.waiters.actions().size());
    }

    @Test
    public void an_action_registered_while_the_database_is_read_is_not_forgotten() {
        Server a = new Server("a");
        a.whileReading = () -> a.waiters.add(on("dt", "1"), "new-C@1");
        settle();
        assertEquals(Collections.singleton("new-C@1"), a.waiters.actions());
    }

    private void fill() {
        for (int i = 0; i < ACTIONS; i++) {
            database.put(String.format("%07d-C@%d", i / 5, i % 5), "dt" + i % 7);
        }
    }

    private void settle() {
        for (int i = 0; i < 4; i++) {
            ensemble.settle();
            timer.run();
        }
    }

    private final class Server {
        private final Waiters waiters = new Waiters();
        private final Set<Table> released = new TreeSet<>((x, y) -> x.toString().compareTo(y.toString()));
        private Runnable whileReading = () -> {};

        private Server(String id) {
            Cluster cluster = ensemble.join(id);
            cluster.announce(ServerState.ACTIVE);
            ensemble.settle();
            new Registrations(
                            cluster,
                            new Partition(cluster::members, cluster.lease(), id),
                            this::page,
                            waiters,
                            (uri, action) -> waiters.add(on("dt", uri), action),
                            released::add,
                            timer,
                            600_000)
                    .start();
        }

        private List<Recorded.Waiting> page(String after, int limit) {
            queries++;
            if (databaseDown) {
                throw new IllegalStateException("no database");
            }
            List<Recorded.Waiting> page = new ArrayList<>();
            database.tailMap(after, false).entrySet().stream()
                    .limit(limit)
                    .forEach(row ->
                            page.add(new Recorded.Waiting(row.getKey(), Collections.singletonList(row.getValue()))));
            whileReading.run();
            return page;
        }
    }
}
