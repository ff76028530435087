package org.oozieha.sla.follow;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.Test;
import org.oozieha.sla.rule.Terms;

public final class FollowerTest {
    private static final long LATENCY = 90_000;
    private static final long SWEEP = 600_000;
    private static final long HOUR = 3_600_000;

    private final Table table = new Table();
    private final Set<String> notMine = new HashSet<>();
    private final Set<String> failing = new HashSet<>();
    private final Set<String> incomplete = new HashSet<>();
    private final Set<String> jobless = new HashSet<>();
    private final Set<String> busy = new HashSet<>();
    private final List<String> checked = new ArrayList<>();
    private int looksAtJobless;
    private long now = 1_000 * HOUR;
    private Follower follower = follower(100);

    private Follower follower(int capacity) {
        return new Follower(table, id -> !notMine.contains(id), List::forEach, () -> now, LATENCY, SWEEP, capacity);
    }

    /** Records the end, as far as it is due. */
    private final SlaCheck check = id -> {
        if (failing.contains(id)) {
            throw new IllegalStateException("broken");
        }
        if (incomplete.contains(id)) {
            throw new NoClassDefFoundError("of a driver");
        }
        if (jobless.contains(id)) {
            looksAtJobless++;
            return SlaCheck.Result.GONE;
        }
        if (busy.contains(id)) {
            return SlaCheck.Result.BUSY;
        }
        checked.add(id);
        OpenSla open = table.rows.get(id);
        if (open == null) {
            return SlaCheck.Result.GONE;
        }
        if (open.dueAt(0) <= now) {
            table.put(new OpenSla(id, 7, new Terms(null, 0L, Terms.NO_DURATION), null), now);
        }
        follower.saw(table.rows.get(id));
        return SlaCheck.Result.DONE;
    };

    @Test
    public void a_miss_is_looked_at_once_it_is_due_and_the_latency_is_over() {
        register("a", now + HOUR, now);
        run();
        now += HOUR + LATENCY - 1;
        run();
        assertEquals(Collections.emptyList(), checked);
        now += 1;
        run();
        run();
        assertEquals(Collections.singletonList("a"), checked);
    }

    @Test
    public void a_row_committed_after_its_time_by_a_server_whose_clock_is_behind_is_found_without_a_sweep() {
        run();
        now += 30_000;
        run();
        register("late", now - HOUR, now - 120_000);
        now += 20_000;
        run();
        assertEquals(Collections.singletonList("late"), checked);
        assertEquals("one sweep, the first", 1, table.sweeps);
    }

    @Test
    public void a_changed_definition_counts_from_the_next_run() {
        register("a", now + 10 * HOUR, now);
        run();
        now += HOUR;
        register("a", now - LATENCY, now);
        run();
        assertEquals(Collections.singletonList("a"), checked);
    }

    @Test
    public void an_old_row_is_found_by_the_sweep_that_is_asked_for_or_due() {
        run();
        register("old", now - 1_000 * HOUR, now - 900 * HOUR);
        now += SWEEP - 1;
        run();
        assertEquals(Collections.emptyList(), checked);
        now += 1;
        run();
        assertEquals(Collections.singletonList("old"), checked);
        register("older", now - 1_000 * HOUR, now - 900 * HOUR);
        follower.run(check, true);
        assertEquals(Arrays.asList("old", "older"), checked);
    }

    @Test
    public void what_another_server_owns_is_left_alone_until_the_share_moves() {
        notMine.add("a");
        register("a", now - HOUR, now);
        run();
        assertEquals(Collections.emptyList(), checked);
        notMine.clear();
        follower.run(check, true);
        assertEquals(Collections.singletonList("a"), checked);
        register("b", now + HOUR, now);
        run();
        assertEquals(1, follower.size());
        notMine.add("b");
        follower.run(check, true);
        assertEquals(0, follower.size());
    }

    @Test
    public void however_small_the_cache_everything_due_is_looked_at_in_order() {
        follower = follower(3);
        for (int i = 0; i < 50; i++) {
            register("sla-" + i, now + (i + 1) * 1_000L, now);
        }
        run();
        assertEquals(3, follower.size());
        now += 20_000 + LATENCY;
        run();
        assertEquals(20, checked.size());
        now += 60_000;
        run();
        assertEquals(50, new TreeSet<>(checked).size());
        assertEquals(50, checked.size());
        assertEquals(0, follower.size());
    }

    @Test
    public void jobs_that_went_on_without_news_are_looked_at_by_a_sweep() {
        register("a", now + HOUR, now);
        table.behind.add("a");
        run();
        assertEquals(Collections.singletonList("a"), checked);
    }

    @Test
    public void thousands_of_each_kind_that_went_on_without_news_are_looked_at_whatever_the_order_of_the_database() {
        follower = follower(10_000);
        for (int i = 0; i < 1_500; i++) {
            for (String kind : Arrays.asList("%04d-W", "%04d-W@action", "%04d-C@1")) {
                String id = String.format(kind, i);
                register(id, now + HOUR, now);
                table.behind.add(id);
            }
        }
        run();
        assertEquals(4_500, new TreeSet<>(checked).size());
    }

    @Test
    public void an_error_of_the_virtual_machine_stops_no_other() {
        register("a", now - HOUR, now);
        register("b", now - HOUR, now);
        incomplete.add("a");
        run();
        assertEquals(Collections.singletonList("b"), checked);
    }

    @Test
    public void a_broken_one_stops_no_other_and_is_tried_less_and_less_often() {
        register("broken", now - HOUR, now);
        register("good", now - HOUR, now);
        failing.add("broken");
        run();
        assertEquals(Collections.singletonList("good"), checked);
        failing.clear();
        now += Retries.FIRST_MS - 1;
        run();
        assertEquals(Collections.singletonList("good"), checked);
        now += 1;
        run();
        assertEquals(Arrays.asList("good", "broken"), checked);
    }

    @Test
    public void what_somebody_else_is_at_stays_followed_and_is_looked_at_by_the_next_run() {
        register("a", now - HOUR, now - HOUR);
        busy.add("a");
        run();
        run();
        assertEquals(Collections.emptyList(), checked);
        assertEquals(Collections.singletonList("a"), follower.ids());
        busy.clear();
        run();
        assertEquals(Collections.singletonList("a"), checked);
        assertEquals(0, follower.size());
    }

    @Test
    public void what_could_not_be_recorded_here_and_was_recorded_elsewhere_is_followed_no_more() {
        register("a", now - HOUR, now);
        failing.add("a");
        run();
        assertEquals(Collections.singletonList("a"), follower.ids());
        table.put(new OpenSla("a", 7, new Terms(null, now - HOUR, Terms.NO_DURATION), null), now);
        failing.clear();
        run();
        assertEquals(Collections.emptyList(), follower.ids());
        now += Retries.FIRST_MS;
        run();
        assertEquals(Collections.emptyList(), checked);
    }

    @Test
    public void when_the_cluster_has_changed_what_failed_is_tried_at_once() {
        register("broken", now - HOUR, now);
        failing.add("broken");
        for (int i = 0; i < 5; i++) {
            run();
            now += Retries.FIRST_MS << i;
        }
        run();
        failing.clear();
        run();
        assertEquals("it waits", Collections.emptyList(), checked);
        follower.run(check, true);
        assertEquals(Collections.singletonList("broken"), checked);
    }

    @Test
    public void thousands_whose_job_is_gone_keep_no_other_waiting_and_are_looked_at_once_an_hour() {
        follower = follower(5_000);
        for (int i = 0; i < 16_000; i++) {
            jobless.add("gone-" + i);
            register("gone-" + i, now - 10 * HOUR, now - 11 * HOUR);
        }
        register("real", now - HOUR, now - HOUR);
        run();
        assertEquals(Collections.singletonList("real"), checked);
        assertEquals(16_000, looksAtJobless);
        for (int minute = 1; minute < 60; minute++) {
            now += 60_000;
            run();
        }
        follower.run(check, true);
        assertEquals("also after a change of the cluster", 16_000, looksAtJobless);
        now += 60_000;
        run();
        assertEquals(32_000, looksAtJobless);
    }

    @Test
    public void the_database_being_away_loses_nothing() {
        run();
        table.away = true;
        register("a", now - HOUR, now);
        try {
            run();
            throw new AssertionError("no failure");
        } catch (IllegalStateException away) {
            table.away = false;
        }
        now += 5 * 60_000;
        run();
        assertEquals(Collections.singletonList("a"), checked);
    }

    @Test
    public void pages_end_where_the_next_begins() {
        for (int i = 0; i < 2_500; i++) {
            register(String.format("sla-%04d", i), now + HOUR, now);
        }
        follower = follower(10_000);
        run();
        assertEquals(2_500, follower.size());
        assertTrue(table.pages >= 3);
    }

    private void register(String id, long end, long modified) {
        table.put(new OpenSla(id, 3, new Terms(null, end, Terms.NO_DURATION), null), modified);
    }

    private void run() {
        follower.run(check, false);
    }

    private static final class Table implements SlaRows {
        final TreeMap<String, OpenSla> rows = new TreeMap<>();
        final TreeMap<String, Long> modified = new TreeMap<>();
        /** In an order that is not Java's, as databases have. */
        final TreeSet<String> behind =
                new TreeSet<>(Comparator.comparing((String id) -> id.replaceAll("[^a-zA-Z0-9 ]", ""))
                        .thenComparing(id -> id));

        boolean away;
        int sweeps;
        int pages;

        void put(OpenSla sla, long at) {
            rows.put(sla.id(), sla);
            modified.put(sla.id(), at);
            behind.remove(sla.id());
        }

        @Override
        public List<OpenSla> open(String after, int limit) {
            sweeps += after.trim().isEmpty() ? 1 : 0;
            return page(Long.MIN_VALUE, after, limit, true);
        }

        @Override
        public List<OpenSla> changed(long sinceMs, String after, int limit) {
            return page(sinceMs, after, limit, false);
        }

        private List<OpenSla> page(long since, String after, int limit, boolean openOnly) {
            if (away) {
                throw new IllegalStateException("away");
            }
            pages++;
            List<OpenSla> page = new ArrayList<>();
            if (after.isEmpty()) {
                // as in Oracle, where the empty text is NULL and nothing is above that
                return page;
            }
            for (OpenSla sla : rows.tailMap(after, false).values()) {
                if (page.size() < limit && modified.get(sla.id()) >= since && (sla.isOpen() || !openOnly)) {
                    page.add(sla);
                }
            }
            return page;
        }

        @Override
        public List<String> behind(Kind kind, String after, int limit) {
            List<String> page = new ArrayList<>();
            for (String id : after.isEmpty() ? Collections.<String>emptySet() : behind.tailSet(after, false)) {
                if (page.size() < limit && kindOf(id) == kind) {
                    page.add(id);
                }
            }
            return page;
        }

        private static Kind kindOf(String id) {
            if (id.contains("-C@")) {
                return Kind.COORDINATOR_ACTION;
            }
            return id.contains("-W@") ? Kind.WORKFLOW_ACTION : Kind.WORKFLOW;
        }
    }
}
