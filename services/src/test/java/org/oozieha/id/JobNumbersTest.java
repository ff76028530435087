package org.oozieha.id;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;

public final class JobNumbersTest {
    private static final long MAX = 9_999_990;
    private static final long HOUR_MS = 3_600_000;

    private IdServers servers = new IdServers(100, MAX);

    @After
    public void close() {
        servers.ensemble.close();
    }

    @Test
    public void numbers_start_at_0_and_count_up_on_one_server() {
        IdServers.Server a = servers.start("a");
        for (int i = 0; i < 1_000; i++) {
            assertEquals(i, a.issue().number());
        }
    }

    @Test
    public void two_servers_use_different_blocks_and_different_start_times() {
        IdServers.Server a = servers.start("a");
        IdServers.Server b = servers.start("b");
        Set<Long> numbers = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertTrue(numbers.add(a.issue().number()));
            assertTrue(numbers.add(b.issue().number()));
        }
        assertNotEquals(a.issue().startTime().millis(), b.issue().startTime().millis());
    }

    @Test
    public void nothing_repeats_over_many_wraps_of_three_servers() {
        servers = new IdServers(7, 500);
        String[] ids = {"a", "b", "c"};
        for (String id : ids) {
            servers.start(id);
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            servers.server(ids[random.nextInt(3)]).issue();
        }
    }

    @Test
    public void a_block_stops_at_the_maximum_and_the_sequence_goes_on_at_0_under_a_new_start_time() {
        servers = new IdServers(100, 150);
        IdServers.Server a = servers.start("a");
        StartTime first = a.issue().startTime();
        for (int i = 1; i < 150; i++) {
            JobNumber number = a.issue();
            assertEquals(i, number.number());
            assertEquals(first.millis(), number.startTime().millis());
        }
        JobNumber wrapped = a.issue();
        assertEquals(0, wrapped.number());
        assertTrue(wrapped.startTime().millis() > first.millis());
    }

    @Test
    public void a_wrap_made_by_another_server_gives_a_new_start_time_to_who_is_set_back_by_it() {
        servers = new IdServers(100, 1_000);
        IdServers.Server a = servers.start("a");
        IdServers.Server b = servers.start("b");
        StartTime before = null;
        for (int i = 0; i < 250; i++) {
            before = a.issue().startTime();
        }
        for (int i = 0; i < 800; i++) {
            b.issue();
        }
        StartTime after = null;
        for (int i = 0; i < 250; i++) {
            after = a.issue().startTime();
        }
        assertTrue(after.millis() > before.millis());
    }

    @Test
    public void a_restarted_server_counts_under_a_new_start_time() {
        StartTime before = servers.start("a").issue().startTime();
        StartTime after = servers.start("a").issue().startTime();
        assertTrue(after.millis() > before.millis());
    }

    @Test
    public void a_clock_one_hour_back_repeats_no_start_time() {
        StartTime latest = servers.start("a").issue().startTime();
        servers.ensemble.clock().stepWallMs(-HOUR_MS);
        for (String id : new String[] {"a", "b", "a", "c"}) {
            StartTime next = servers.start(id).issue().startTime();
            assertTrue(next.millis() > latest.millis());
            latest = next;
        }
    }

    @Test
    public void five_thousand_ids_are_given_out_in_an_outage_and_the_used_reserve_is_replaced_after_it() {
        IdServers.Server a = servers.start("a");
        IdServers.Server b = servers.start("b");
        StartTime normal = a.issue().startTime();
        for (int outage = 0; outage < 2; outage++) {
            servers.ensemble.stop();
            servers.ensemble.advance(60_000);
            StartTime reserve = null;
            for (int i = 0; i < 5_000; i++) {
                reserve = a.issue().startTime();
                b.issue();
            }
            assertNotEquals(normal.millis(), reserve.millis());
            servers.ensemble.start();
            servers.ensemble.advance(1_000);
            assertEquals(MAX, a.numbers.reserveLeft());
            for (int i = 0; i < 300; i++) {
                assertEquals(normal.millis(), a.issue().startTime().millis());
            }
        }
    }

    @Test
    public void a_whole_namespace_of_numbers_lasts_for_one_outage_and_then_the_refusal_says_why() {
        servers = new IdServers(10, 1_000);
        IdServers.Server a = servers.start("a");
        servers.ensemble.stop();
        servers.ensemble.advance(10_000);
        for (int i = 0; i < 1_000; i++) {
            a.issue();
        }
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> {
            while (true) {
                a.issue();
            }
        });
        assertTrue(refused.getMessage(), refused.getMessage().contains("reserve is used up"));
        servers.ensemble.start();
        servers.ensemble.advance(1_000);
        a.issue();
    }

    @Test
    public void after_a_wipe_the_sequence_goes_on_above_the_recorded_numbers_and_start_times() {
        IdServers.Server a = servers.start("a");
        JobNumber newest = null;
        for (int i = 0; i < 2_345; i++) {
            newest = a.record();
        }
        servers.ensemble.crash("a");
        servers.ensemble.wipe();
        servers.ensemble.clock().stepWallMs(-HOUR_MS);
        JobNumber first = servers.start("b").issue();
        assertTrue(first + " after " + newest, first.number() > newest.number());
        assertTrue(first.startTime().millis() > newest.startTime().millis());
    }

    @Test
    public void a_server_that_lives_through_a_wipe_stays_above_its_own_numbers_without_recorded_jobs() {
        IdServers.Server a = servers.start("a");
        long highest = 0;
        for (int i = 0; i < 1_000; i++) {
            highest = Math.max(highest, a.issue().number());
        }
        servers.ensemble.wipe();
        servers.ensemble.advance(1_000);
        for (int i = 0; i < 1_000; i++) {
            long number = a.issue().number();
            assertTrue(number > highest);
            highest = number;
        }
    }

    @Test
    public void a_sequence_made_anew_by_a_stock_server_after_a_wipe_is_lifted_over_the_recorded_numbers()
            throws ClusterUnavailableException {
        IdServers.Server a = servers.start("a");
        for (int i = 0; i < 500; i++) {
            a.record();
        }
        servers.ensemble.wipe();
        stock(a, MAX).issue();
        servers.ensemble.advance(1_000);
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < 1_000; i++) {
            lowest = Math.min(lowest, a.issue().number());
        }
        assertTrue(lowest >= 500);
    }

    @Test
    public void after_a_wipe_a_new_server_with_a_late_clock_hits_no_start_time_that_a_live_one_holds_unused() {
        IdServers.Server a = servers.start("a");
        a.record();
        long now = servers.ensemble.clock().millis();
        servers.ensemble.cut("a");
        servers.ensemble.wipe();
        servers.ensemble.clock().stepWallMs(-HOUR_MS);
        IdServers.Server b = servers.start("b");
        assertTrue(b.issue().startTime().millis() > now);
        for (int i = 0; i < 1_000; i++) {
            a.issue();
            b.issue();
        }
    }

    @Test
    public void a_block_whose_compare_and_set_had_no_answer_is_given_up() {
        servers = new IdServers(10, MAX);
        IdServers.Server a = servers.start("a");
        IdServers.Server b = servers.start("b");
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(20) == 0) {
                servers.ensemble.loseNextAnswer(random.nextBoolean() ? "a" : "b");
            }
            if (random.nextInt(10) == 0) {
                a.numbers.refresh();
                b.numbers.refresh();
            }
            a.issue();
            b.issue();
        }
    }

    @Test
    public void a_wrap_whose_new_start_time_could_not_be_had_at_once_does_not_go_on_under_the_old_one() {
        servers = new IdServers(10, 100);
        IdServers.Server a = servers.start("a");
        for (int i = 0; i < 85; i++) {
            a.issue();
        }
        servers.noStartTimes = true;
        for (int i = 0; i < 30; i++) {
            a.issue();
            a.numbers.refresh();
        }
        servers.noStartTimes = false;
        for (int i = 0; i < 200; i++) {
            a.numbers.refresh();
            a.issue();
        }
    }

    @Test
    public void damaged_values_are_set_anew_above_what_is_recorded() throws ClusterUnavailableException {
        IdServers.Server a = servers.start("a");
        JobNumber newest = a.record();
        SharedValue sequence = a.cluster.value(IdServers.SEQUENCE);
        sequence.compareAndSet(sequence.read(1_000), new byte[] {1, 2, 3}, 1_000);
        SharedValue lastStart = a.cluster.value(IdServers.LAST_START);
        lastStart.compareAndSet(lastStart.read(1_000), "soon".getBytes(StandardCharsets.US_ASCII), 1_000);
        JobNumber first = servers.start("b").issue();
        assertTrue(first.number() > newest.number());
        assertTrue(first.startTime().millis() > newest.startTime().millis());
    }

    @Test
    public void without_zookeeper_s_values_and_without_the_database_no_number_is_made_up() {
        servers.databaseUp = false;
        IdServers.Server a = servers.start("a");
        assertThrows(IllegalStateException.class, a::issue);
        servers.databaseUp = true;
        a.numbers.refresh();
        a.issue();
    }

    @Test
    public void a_class_that_is_missing_on_the_first_use_of_the_database_stops_no_later_try() {
        servers.classMissing = true;
        IdServers.Server a = servers.start("a");
        assertThrows(IllegalStateException.class, a::issue);
        servers.classMissing = false;
        a.numbers.refresh();
        a.issue();
    }

    @Test
    public void stock_and_pack_servers_share_one_sequence() throws ClusterUnavailableException {
        servers = new IdServers(20, 1_000_000);
        IdServers.Server a = servers.start("a");
        IdServers.Server b = servers.start("b");
        StockServer stock = stock(a, 1_000_000);
        Random random = new Random(3);
        Set<Long> numbers = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            int who = random.nextInt(3);
            String id = who == 0 ? stock.issue() : (who == 1 ? a : b).issue().toString();
            assertTrue(id, numbers.add(Long.parseLong(id.substring(0, 7))));
        }
    }

    @Test
    public void a_stock_server_s_unconditional_reset_right_after_ours_repeats_nothing()
            throws ClusterUnavailableException {
        servers = new IdServers(10, 100);
        IdServers.Server a = servers.start("a");
        IdServers.Server b = servers.start("b");
        StockServer stock = stock(a, 100);
        Set<String> ofStock = new HashSet<>();
        for (int round = 0; round < 50; round++) {
            while (stock.increment() < 100) {
                a.issue();
            }
            assertTrue(stock.mustReset());
            for (int i = 0; i < 35; i++) {
                a.issue();
                b.issue();
            }
            servers.ensemble.advance(7);
            stock.reset();
            for (int i = 0; i < 15; i++) {
                ofStock.add(stock.issue());
                a.issue();
                b.issue();
            }
        }
        ofStock.retainAll(servers.issued);
        assertEquals(new HashSet<>(), ofStock);
    }

    @Test
    public void a_stock_server_that_starts_anew_in_the_same_millisecond_repeats_nothing()
            throws ClusterUnavailableException {
        servers = new IdServers(10, 100);
        IdServers.Server a = servers.start("a");
        StockServer stock = stock(a, 100, ZoneOffset.UTC);
        Set<String> ofStock = new HashSet<>();
        for (int round = 0; round < 20; round++) {
            servers.ensemble.advance(7);
            while (stock.increment() < 100) {
                a.issue();
            }
            assertTrue(stock.mustReset());
            for (int i = 0; i < 35; i++) {
                a.issue();
            }
            stock.reset();
            for (int i = 0; i < 15; i++) {
                ofStock.add(stock.issue());
                a.issue();
            }
        }
        ofStock.retainAll(servers.issued);
        assertEquals(new HashSet<>(), ofStock);
    }

    @Test
    public void nothing_is_given_out_after_close() {
        IdServers.Server a = servers.start("a");
        a.issue();
        a.numbers.close();
        assertThrows(IllegalStateException.class, a::issue);
        a.numbers.close();
    }

    @Test
    public void settings_that_cannot_give_seven_digits_are_refused() {
        SharedValue sequence = servers.start("a").cluster.value(IdServers.SEQUENCE);
        HighWaterMark mark = () -> HighWaterMark.Mark.of(servers.recorded);
        assertThrows(IllegalArgumentException.class, () -> new SequenceBlocks(sequence, mark, 100, MAX + 1, 2_000));
        assertThrows(IllegalArgumentException.class, () -> new SequenceBlocks(sequence, mark, 0, MAX, 2_000));
    }

    private StockServer stock(IdServers.Server any, long maximum) {
        return stock(any, maximum, ZoneId.of("Asia/Shanghai"));
    }

    private StockServer stock(IdServers.Server any, long maximum, ZoneId zone) {
        return new StockServer(any.cluster.value(IdServers.SEQUENCE), maximum, zone, () -> servers.ensemble
                .clock()
                .millis());
    }
}
