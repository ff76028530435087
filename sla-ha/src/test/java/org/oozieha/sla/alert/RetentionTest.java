package org.oozieha.sla.alert;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.util.List;
import java.util.TreeMap;
import org.junit.Test;

public final class RetentionTest {
    private static final long HOUR = 3_600_000;

    private final Table table = new Table();
    private long now = 1_000_000 * HOUR;
    private final Retention retention = new Retention(table, () -> now);

    @Test
    public void delivered_alerts_are_kept_for_a_day_and_gone_an_hour_later() {
        retention.prune();
        table.add(10, now);
        now += 24 * HOUR;
        retention.prune();
        assertEquals(10, table.delivered.size());
        now += HOUR;
        retention.prune();
        assertEquals(0, table.delivered.size());
    }

    @Test
    public void the_table_is_asked_once_an_hour() {
        for (int i = 0; i < 240; i++) {
            retention.prune();
            now += 30_000;
        }
        assertEquals(2, table.calls);
    }

    @Test
    public void a_backlog_goes_in_portions_over_several_calls_however_slow_the_database_is() {
        table.add(20_000, now - 30 * 24 * HOUR);
        table.portionMs = 1_000;
        int calls = 0;
        while (!table.delivered.isEmpty()) {
            long before = now;
            retention.prune();
            calls++;
            assertTrue("a call took " + (now - before), now - before <= 6_000);
            assertTrue("calls: " + calls, calls < 20);
        }
        assertTrue("calls: " + calls, calls > 3);
    }

    @Test
    public void what_failed_is_done_by_the_next_call() {
        table.add(Retention.PORTION + 1, now - 25 * HOUR);
        table.failing = true;
        try {
            retention.prune();
            fail("deleted");
        } catch (IllegalStateException away) {
            table.failing = false;
        }
        retention.prune();
        assertEquals(0, table.delivered.size());
    }

    @Test
    public void a_clock_that_was_set_back_does_not_stop_it() {
        now += 1_000 * HOUR;
        retention.prune();
        now -= 1_000 * HOUR;
        table.add(1, now - 25 * HOUR);
        retention.prune();
        assertEquals(0, table.delivered.size());
    }

    private final class Table implements AlertRows {
        final TreeMap<String, Long> delivered = new TreeMap<>();
        long portionMs;
        int calls;
        boolean failing;

        void add(int count, long at) {
            for (int i = 0; i < count; i++) {
                delivered.put("sla-" + i, at);
            }
        }

        @Override
        public int deleteDelivered(long before, int limit) {
            calls++;
            now += portionMs;
            if (failing) {
                throw new IllegalStateException("away");
            }
            int size = delivered.size();
            int[] left = {limit};
            delivered.values().removeIf(at -> at < before && left[0]-- > 0);
            return size - delivered.size();
        }

        @Override
        public List<Alert> undelivered(String after, int limit) {
            throw new AssertionError("it reads none");
        }

        @Override
        public boolean claim(Alert alert, String server) {
            throw new AssertionError("it claims none");
        }

        @Override
        public void delivered(String key, long at) {
            throw new AssertionError("it delivers none");
        }
    }
}
