package org.oozieha.sla.alert;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;
import org.oozieha.partition.Partition;

public final class OutboxTest {
    private static final int ALERTS = 40;

    private final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    private final Table table = new Table();
    private Server one;
    private Server two;
    private Server three;

    @Before
    public void three_active_servers() {
        one = new Server("one");
        two = new Server("two");
        three = new Server("three");
        ensemble.advance(1_000);
    }

    @After
    public void close() {
        ensemble.close();
    }

    @Test
    public void an_alert_is_delivered_once_by_the_server_that_recorded_it() {
        commit(one, "a", true);
        collectAll();
        one.deliver();
        collectAll();
        assertEquals(Collections.singletonList("a#END_MISS#1"), one.told);
        assertEquals(0, two.queued.size() + three.queued.size());
        assertTrue(table.open.isEmpty());
    }

    @Test
    public void the_alerts_of_a_dead_server_are_delivered_once_between_the_survivors() {
        for (int i = 0; i < ALERTS; i++) {
            commit(three, "job-" + i, true);
        }
        collectAll();
        assertEquals("while it lives they are its own", 0, one.queued.size() + two.queued.size());
        ensemble.crash("three");
        ensemble.advance(15_000);
        one.outbox.collect(true);
        two.outbox.collect(true);
        one.deliver();
        two.deliver();
        assertEquals(ALERTS, one.told.size() + two.told.size());
        assertTrue("shared: " + one.told.size(), one.told.size() > 5 && two.told.size() > 5);
        assertTrue(table.open.isEmpty());
    }

    @Test
    public void a_server_whose_session_ended_does_not_deliver_what_others_have_claimed() {
        for (int i = 0; i < ALERTS; i++) {
            commit(three, "job-" + i, true);
        }
        ensemble.cut("three");
        ensemble.advance(15_000);
        one.outbox.collect(true);
        two.outbox.collect(true);
        one.deliver();
        two.deliver();
        ensemble.heal("three");
        ensemble.advance(5_000);
        three.deliver();
        assertEquals(0, three.told.size());
        assertEquals(ALERTS, one.told.size() + two.told.size());
    }

    @Test
    public void an_alert_committed_by_a_server_that_could_not_queue_it_is_collected() {
        commit(one, "a", false);
        one.outbox.collect(true);
        one.deliver();
        assertEquals(Collections.singletonList("a#END_MISS#1"), one.told);
    }

    @Test
    public void what_oozies_queue_dropped_is_queued_again_after_a_while() {
        commit(one, "a", true);
        one.queued.clear();
        one.outbox.collect(true);
        assertEquals("it may be on its way", 0, one.queued.size());
        ensemble.advance(200_000);
        one.outbox.collect(false);
        assertEquals("the queue still holds others", 0, one.queued.size());
        one.outbox.collect(true);
        one.deliver();
        assertEquals(Collections.singletonList("a#END_MISS#1"), one.told);
    }

    @Test
    public void what_is_delivered_while_the_table_is_read_is_not_queued_again() {
        commit(one, "a", true);
        table.afterReading = one::deliver;
        one.outbox.collect(false);
        one.deliver();
        assertEquals(Collections.singletonList("a#END_MISS#1"), one.told);
        assertEquals(0, one.outbox.inFlight());
    }

    @Test
    public void what_could_not_be_marked_as_delivered_is_queued_again() {
        commit(one, "a", true);
        table.away = true;
        one.deliver();
        table.away = false;
        one.outbox.collect(false);
        one.deliver();
        assertEquals(2, one.told.size());
        assertTrue(table.open.isEmpty());
    }

    @Test
    public void while_its_lease_has_lapsed_a_server_delivers_nothing() {
        commit(one, "a", true);
        ensemble.cut("one");
        ensemble.advance(8_000);
        assertFalse(one.outbox.mayDeliver("a#END_MISS#1"));
    }

    @Test
    public void what_a_server_that_stops_has_not_delivered_is_delivered_by_another_once_it_has_left() {
        commit(three, "a", true);
        three.outbox.close();
        three.deliver();
        assertEquals(Collections.emptyList(), three.told);
        ensemble.crash("three");
        ensemble.advance(15_000);
        one.outbox.collect(true);
        two.outbox.collect(true);
        one.deliver();
        two.deliver();
        assertEquals(1, one.told.size() + two.told.size());
    }

    @Test
    public void no_more_are_queued_at_once_than_allowed() {
        for (int i = 0; i < Server.MOST + 5; i++) {
            commit(one, "job-" + i, true);
        }
        assertEquals(Server.MOST, one.queued.size());
        one.deliver();
        one.outbox.collect(true);
        one.deliver();
        assertEquals(Server.MOST + 5, one.told.size());
    }

    @Test
    public void delivered_alerts_are_kept_for_a_day() {
        commit(one, "a", true);
        one.deliver();
        one.outbox.prune();
        assertEquals(1, table.delivered.size());
        ensemble.clock().stepWallMs(25 * 3_600_000L);
        one.outbox.prune();
        assertEquals(0, table.delivered.size());
    }

    private void collectAll() {
        one.outbox.collect(true);
        two.outbox.collect(true);
        three.outbox.collect(true);
    }

    private void commit(Server server, String sla, boolean queue) {
        Alert alert = new Alert(sla + "#END_MISS#1", server.outbox.server(), "{}");
        table.open.put(alert.key(), alert);
        if (queue) {
            server.outbox.committed(alert);
        }
    }

    private final class Server {
        static final int MOST = 100;

        final List<Alert> queued = new ArrayList<>();
        final List<String> told = new ArrayList<>();
        final Outbox outbox;

        Server(String id) {
            MemoryCluster cluster = ensemble.join(id);
            cluster.announce(ServerState.ACTIVE);
            Partition partition = new Partition(cluster::members, cluster.lease(), id);
            outbox = new Outbox(
                    table,
                    cluster,
                    partition::owns,
                    queued::add,
                    () -> ensemble.clock().millis(),
                    MOST);
        }

        void deliver() {
            for (Alert alert : queued) {
                if (outbox.mayDeliver(alert.key())) {
                    told.add(alert.key());
                    outbox.delivered(alert.key());
                } else {
                    outbox.dropped(alert.key());
                }
            }
            queued.clear();
        }
    }

    private static final class Table implements AlertRows {
        final TreeMap<String, Alert> open = new TreeMap<>();
        final Map<String, Long> delivered = new LinkedHashMap<>();
        Runnable afterReading = () -> {};
        boolean away;

        @Override
        public List<Alert> undelivered(String after, int limit) {
            // as in Oracle, where the empty text is NULL and nothing is above that
            List<Alert> page = after.isEmpty()
                    ? new ArrayList<>()
                    : new ArrayList<>(open.tailMap(after, false).values());
            afterReading.run();
            return page.subList(0, Math.min(limit, page.size()));
        }

        @Override
        public boolean claim(Alert alert, String server) {
            Alert row = open.get(alert.key());
            if (row == null || !row.server().equals(alert.server())) {
                return false;
            }
            open.put(alert.key(), alert.claimedBy(server));
            return true;
        }

        @Override
        public void delivered(String key, long at) {
            if (away) {
                throw new IllegalStateException("away");
            }
            if (open.remove(key) != null) {
                delivered.put(key, at);
            }
        }

        @Override
        public int deleteDeliveredBefore(long at) {
            int before = delivered.size();
            delivered.values().removeIf(when -> when < at);
            return before - delivered.size();
        }
    }
}
