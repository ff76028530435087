package org.oozieha.sla.alert;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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
        ensemble.advance(200_000);
        one.outbox.collect(false);
        assertEquals("the queue still holds others", 0, one.queued.size());
        one.outbox.collect(true);
        assertEquals("it may be on its way", 0, one.queued.size());
        ensemble.advance(121_000);
        one.outbox.collect(false);
        one.deliver();
        assertEquals(Collections.singletonList("a#END_MISS#1"), one.told);
    }

    @Test
    public void what_waited_long_in_the_queue_is_told_once_though_it_is_empty_while_the_listeners_are_told()
            throws Exception {
        commit(one, "a", true);
        commit(one, "b", true);
        ensemble.advance(130_000);
        List<Delivery> batch = one.poll();
        Thread worker = begin(batch.get(0));
        one.outbox.collect(true);
        one.deliver();
        one.finish(batch.get(0));
        one.tell(batch.get(1));
        one.working.remove(worker);
        one.outbox.collect(true);
        one.deliver();
        assertEquals(Arrays.asList("a#END_MISS#1", "b#END_MISS#1"), one.told);
        assertEquals(0, one.outbox.inFlight());
    }

    @Test
    public void while_a_listener_does_not_return_the_alerts_behind_it_are_told_once_by_another_thread()
            throws Exception {
        commit(one, "a", true);
        commit(one, "b", true);
        List<Delivery> batch = one.poll();
        begin(batch.get(0));
        for (int i = 0; i < 10; i++) {
            one.outbox.collect(true);
            one.deliver();
            ensemble.advance(121_000);
        }
        assertEquals(Collections.singletonList("b#END_MISS#1"), one.told);
        one.finish(batch.get(0));
        one.tell(batch.get(1));
        one.outbox.collect(true);
        one.deliver();
        assertEquals(Arrays.asList("b#END_MISS#1", "a#END_MISS#1"), one.told);
        assertTrue(table.open.isEmpty());
        assertEquals(0, one.outbox.inFlight());
    }

    @Test
    public void a_copy_that_was_given_up_takes_nothing_from_the_one_that_is_with_the_listeners() throws Exception {
        commit(one, "a", true);
        List<Delivery> late = one.poll();
        one.outbox.collect(true);
        ensemble.advance(121_000);
        one.outbox.collect(true);
        Delivery again = one.poll().get(0);
        begin(again);
        assertFalse(late.get(0).begin());
        one.outbox.collect(true);
        assertEquals(0, one.queued.size());
        one.finish(again);
        assertEquals(Collections.singletonList("a#END_MISS#1"), one.told);
    }

    @Test
    public void an_alert_whose_thread_is_no_longer_at_work_is_told_again_after_a_while() throws Exception {
        commit(one, "a", true);
        one.working.remove(begin(one.poll().get(0)));
        one.outbox.collect(true);
        assertEquals(0, one.queued.size());
        ensemble.advance(121_000);
        one.outbox.collect(true);
        one.deliver();
        assertEquals(Collections.singletonList("a#END_MISS#1"), one.told);
    }

    @Test
    public void an_alert_whose_thread_has_gone_on_to_another_one_is_told_again_after_a_while() throws Exception {
        commit(one, "a", true);
        commit(one, "b", true);
        List<Delivery> batch = one.poll();
        begin(batch.get(0), batch.get(1));
        ensemble.advance(121_000);
        one.outbox.collect(true);
        one.deliver();
        assertEquals("the other one is under way", Collections.singletonList("a#END_MISS#1"), one.told);
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
    public void what_could_not_be_marked_as_delivered_is_marked_later_and_told_once() {
        commit(one, "a", true);
        table.away = true;
        one.deliver();
        one.outbox.collect(true);
        ensemble.advance(200_000);
        one.outbox.collect(true);
        assertEquals(1, table.open.size());
        table.away = false;
        one.outbox.collect(true);
        one.deliver();
        assertEquals(Collections.singletonList("a#END_MISS#1"), one.told);
        assertTrue(table.open.isEmpty());
        assertEquals(0, one.outbox.inFlight());
    }

    @Test
    public void while_its_lease_has_lapsed_a_server_delivers_nothing() {
        commit(one, "a", true);
        ensemble.cut("one");
        ensemble.advance(8_000);
        assertFalse(one.poll().get(0).begin());
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

    /** By one thread, which then stays with the listeners of the last. */
    private Thread begin(Delivery... deliveries) throws Exception {
        FutureTask<Void> begun = new FutureTask<>(() -> {
            for (Delivery delivery : deliveries) {
                assertTrue(delivery.begin());
                assertTrue("a listener may ask as well", delivery.begin());
            }
            return null;
        });
        Thread worker = new Thread(begun);
        one.working.add(worker);
        worker.start();
        begun.get(60, TimeUnit.SECONDS);
        return worker;
    }

    private final class Server {
        static final int MOST = 100;

        final List<Delivery> queued = new ArrayList<>();
        final Set<Thread> working = new HashSet<>();
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
                    working::contains,
                    () -> ensemble.clock().millis(),
                    MOST);
        }

        List<Delivery> poll() {
            List<Delivery> batch = new ArrayList<>(queued);
            queued.clear();
            return batch;
        }

        void deliver() {
            poll().forEach(this::tell);
        }

        void tell(Delivery delivery) {
            if (delivery.begin()) {
                finish(delivery);
            }
        }

        void finish(Delivery delivery) {
            told.add(delivery.alert().key());
            delivery.delivered();
        }
    }

    private static final class Table implements AlertRows {
        final TreeMap<String, Alert> open = new TreeMap<>();
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
            open.remove(key);
        }

        @Override
        public int deleteDelivered(long before, int limit) {
            throw new AssertionError("not the outbox");
        }
    }
}
