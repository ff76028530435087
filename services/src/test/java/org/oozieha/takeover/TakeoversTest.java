package org.oozieha.takeover;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryEnsemble;

public final class TakeoversTest {
    private static final int JOBS = 60;

    private final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    private final Set<String> inFlight = new TreeSet<>();
    private TakeoverServer one;
    private TakeoverServer two;
    private TakeoverServer three;

    @Before
    public void three_active_servers_and_jobs_in_flight() {
        for (int i = 0; i < JOBS; i++) {
            inFlight.add(String.format("%07d-260101000000000-it-W", i));
        }
        one = new TakeoverServer(ensemble, "one", inFlight, 7).active();
        two = new TakeoverServer(ensemble, "two", inFlight, 7).active();
        three = new TakeoverServer(ensemble, "three", inFlight, 7).active();
        advance(1_000);
    }

    @After
    public void close() {
        ensemble.close();
    }

    private void advance(long ms) {
        for (long passed = 0; passed < ms; passed += 50) {
            ensemble.advance(50);
            for (TakeoverServer server : Arrays.asList(one, two, three)) {
                server.timer.run();
            }
        }
    }

    private void forget() {
        one.forget();
        two.forget();
        three.forget();
    }

    @Test
    public void a_server_that_becomes_active_looks_at_its_whole_share() {
        assertTrue(
                three.records.get(0).causes().toString(),
                three.records.get(0).causes().contains("active three"));
        assertEquals(
                new TreeSet<>(three.partition.owned(Arrays.asList(inFlight.toArray(new String[0])))),
                new TreeSet<>(three.queued));
    }

    @Test
    public void after_a_crash_the_survivors_look_at_everything_between_them() {
        forget();
        ensemble.crash("three");
        advance(15_000);
        Set<String> both = new TreeSet<>(one.queued);
        both.addAll(two.queued);
        assertEquals(inFlight, both);
        assertEquals("by one server each", JOBS, one.queued.size() + two.queued.size());
        assertTrue(one.records.toString(), one.records.get(0).causes().get(0).startsWith("departed three#"));
        assertTrue(one.records.get(0).isComplete());
    }

    @Test
    public void a_draining_server_is_taken_over_while_it_is_still_registered() {
        forget();
        three.cluster.announce(ServerState.DRAINING);
        advance(200);
        assertEquals(JOBS, one.queued.size() + two.queued.size());
        assertTrue(three.queued.isEmpty());
        assertTrue(one.records.get(0).causes().get(0).startsWith("left three#"));
    }

    @Test
    public void what_a_draining_server_leaves_behind_later_is_found_too() {
        three.cluster.announce(ServerState.DRAINING);
        advance(200);
        forget();
        inFlight.add("0009999-260101000000000-it-W");
        advance(Takeovers.DRAINING_AGAIN_MS + 200);
        assertTrue(one.queued.contains("0009999-260101000000000-it-W")
                || two.queued.contains("0009999-260101000000000-it-W"));
        three.cluster.close();
        advance(Takeovers.DRAINING_AGAIN_MS);
        forget();
        advance(5 * Takeovers.DRAINING_AGAIN_MS);
        assertTrue("nobody drains any more", one.records.isEmpty());
    }

    @Test
    public void a_server_that_is_back_before_the_others_noticed_counts_as_departed() {
        forget();
        three = new TakeoverServer(ensemble, "three", inFlight, 7).active();
        advance(1_000);
        assertTrue(one.records.toString(), one.records.get(0).causes().get(0).startsWith("departed three#"));
    }

    @Test
    public void a_stock_server_that_disappears_counts_as_departed() {
        ensemble.stock("old", "http://old:11000/oozie");
        advance(1_000);
        forget();
        ensemble.stock("old", null);
        advance(200);
        assertEquals(
                Collections.singletonList("departed old (stock)"),
                one.records.get(0).causes());
        assertFalse(one.queued.isEmpty());
    }

    @Test
    public void a_lease_that_is_back_is_followed_by_a_look_at_the_share() {
        forget();
        ensemble.cut("one");
        advance(6_000);
        assertFalse(one.cluster.lease().isValid());
        ensemble.heal("one");
        advance(1_000);
        assertTrue(one.cluster.lease().isValid());
        assertTrue(one.records.toString(), one.records.get(0).causes().get(0).startsWith("lease valid one#"));
        assertFalse(one.queued.isEmpty());
    }

    @Test
    public void nothing_is_queued_while_the_lease_has_lapsed() {
        forget();
        ensemble.cut("one");
        advance(6_000);
        one.takeovers.membersChanged(one.cluster.members(), org.oozieha.cluster.Members.nobody());
        advance(1_000);
        assertEquals(Collections.emptyList(), one.queued);
    }

    @Test
    public void causes_that_come_together_share_one_run() {
        forget();
        ensemble.expire("three");
        ensemble.expire("two");
        one.timer.run();
        advance(50);
        assertEquals(one.records.toString(), 1, one.records.size());
        assertTrue(one.records.toString(), one.records.get(0).causes().size() >= 2);
    }

    @Test
    public void a_full_queue_is_waited_for_and_never_filled_beyond_its_room() {
        forget();
        one.room = 10;
        ensemble.crash("three");
        ensemble.crash("two");
        advance(40_000);
        assertTrue(one.queued.toString(), one.queued.size() > 0 && one.queued.size() <= 10);
        assertTrue("still at it", one.records.isEmpty());
        one.room = Integer.MAX_VALUE;
        advance(TakeoverRun.LONGEST_WAIT_MS);
        assertTrue(one.queued.containsAll(inFlight));
        assertTrue(one.records.get(0).isComplete());
    }

    @Test
    public void what_is_not_urgent_leaves_half_of_the_room_to_what_is() {
        forget();
        one.unhurried.add("later");
        two.cluster.close();
        three.cluster.close();
        one.room = 2 * JOBS - 1;
        advance(5_000);
        assertEquals(inFlight, new TreeSet<>(one.queued));
        one.room = Integer.MAX_VALUE;
        advance(TakeoverRun.LONGEST_WAIT_MS);
        assertTrue(one.queued.contains("later"));
    }

    @Test
    public void a_cause_that_comes_late_in_a_stuck_run_has_the_whole_limit() {
        forget();
        one.room = 0;
        three.cluster.close();
        advance(TakeoverRun.LIMIT_MS - 10_000);
        two.cluster.close();
        advance(30_000);
        assertTrue("still at it", one.records.isEmpty());
        one.room = Integer.MAX_VALUE;
        advance(TakeoverRun.LONGEST_WAIT_MS);
        assertTrue(one.queued.containsAll(inFlight));
    }

    @Test
    public void actions_of_a_job_whose_command_was_vetoed_are_picked_up_whoever_owns_it() {
        inFlight.clear();
        String job = "0000001-260101000000000-it-W";
        inFlight.add(job + "@first");
        inFlight.add("0000002-260101000000000-it-W@first");
        forget();
        for (TakeoverServer server : Arrays.asList(one, two, three)) {
            server.takeovers.recoverSoon(Collections.singleton(job));
        }
        advance(Takeovers.VETOED_AFTER_MS + 1_000);
        for (TakeoverServer server : Arrays.asList(one, two, three)) {
            assertEquals(Collections.singletonList(job + "@first"), server.queued);
        }
    }

    @Test
    public void a_command_that_this_oozie_does_not_have_keeps_nothing_else_from_being_picked_up() {
        for (int i = 0; i < JOBS; i++) {
            one.overlooked.add("other-version-" + i);
            inFlight.add("other-version-" + i);
        }
        forget();
        three.cluster.close();
        advance(5_000);
        assertTrue(one.records.toString(), one.records.get(0).isComplete());
        one.overlooked.add("0000000-late");
        two.cluster.close();
        advance(Takeovers.OVERLOOKED_EVERY_MS + 5_000);
        assertTrue(one.queued.contains("0000000-late"));
    }

    @Test
    public void a_run_ends_within_its_limit_whatever_happens() {
        forget();
        one.room = 0;
        three.cluster.announce(ServerState.DRAINING);
        advance(TakeoverRun.LIMIT_MS + 2 * TakeoverRun.LONGEST_WAIT_MS);
        assertEquals(1, one.records.size());
        assertFalse(one.records.get(0).isComplete());
    }

    @Test
    public void a_database_that_is_away_is_asked_again() {
        forget();
        one.failures = 3;
        three.cluster.announce(ServerState.DRAINING);
        advance(5_000);
        Set<String> both = new TreeSet<>(one.queued);
        both.addAll(two.queued);
        assertEquals(inFlight, both);
        assertTrue(one.records.get(0).isComplete());
    }

    @Test
    public void a_row_that_cannot_be_read_does_not_keep_the_others_from_being_picked_up() {
        forget();
        for (int i = 0; i < 20; i++) {
            inFlight.add("broken" + i + "-W");
        }
        three.cluster.announce(ServerState.DRAINING);
        advance(TakeoverRun.LIMIT_MS);
        Set<String> both = new TreeSet<>(one.queued);
        both.addAll(two.queued);
        assertEquals(JOBS, both.size());
    }

    @Test
    public void a_vetoed_job_is_looked_at_later_whoever_owns_it() {
        forget();
        String foreign = inFlight.stream()
                .filter(id -> !one.partition.owns(id))
                .findFirst()
                .get();
        one.takeovers.recoverSoon(Arrays.asList(foreign + "@action", "org.example.SomeService", foreign));
        one.timer.run();
        assertEquals(Collections.emptyList(), one.queued);
        advance(Takeovers.VETOED_AFTER_MS + 50);
        assertEquals(Collections.singletonList(foreign), one.queued);
        assertEquals(Collections.singletonList("vetoed"), one.records.get(0).causes());
    }

    @Test
    public void after_close_nothing_is_queued() {
        forget();
        one.takeovers.close();
        three.cluster.announce(ServerState.DRAINING);
        one.takeovers.recoverSoon(inFlight);
        advance(5_000);
        assertEquals(Collections.emptyList(), one.queued);
    }

    @Test
    public void the_last_twenty_are_kept_for_all_servers() throws Exception {
        LastTakeovers mine = new LastTakeovers(one.cluster.value("/ha/takeovers"));
        LastTakeovers others = new LastTakeovers(two.cluster.value("/ha/takeovers"));
        for (int i = 0; i < 25; i++) {
            assertTrue((i % 2 == 0 ? mine : others).add("line " + i));
        }
        assertEquals(20, mine.read().size());
        assertEquals("line 24", mine.read().get(19));
        assertEquals(mine.read(), others.read());
    }

    /** Found by the simulation: a server out of touch acknowledges a start after all others saw it depart, and then dies. */
    @Test
    public void a_start_that_was_recorded_after_its_servers_departure_is_found_within_a_minute() {
        forget();
        String late = "0000999-260101000000000-it-W";
        for (TakeoverServer server : Arrays.asList(one, two, three)) {
            server.overlooked.add(late);
        }
        advance(Takeovers.OVERLOOKED_EVERY_MS);
        assertEquals(1, one.queued.size() + two.queued.size() + three.queued.size());
        TakeoverServer owner = Arrays.asList(one, two, three).stream()
                .filter(server -> !server.queued.isEmpty())
                .findFirst()
                .get();
        assertEquals(Arrays.asList(late), owner.queued);
        assertEquals("overlooked", owner.records.get(0).causes().get(0));
        forget();
        for (TakeoverServer server : Arrays.asList(one, two, three)) {
            server.overlooked.clear();
        }
        advance(2 * Takeovers.OVERLOOKED_EVERY_MS);
        assertEquals("nothing found, nothing told", 0, owner.records.size());
    }
}
