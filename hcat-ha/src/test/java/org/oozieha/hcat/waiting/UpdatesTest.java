package org.oozieha.hcat.waiting;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.oozieha.hcat.waiting.Dependencies.on;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.oozieha.hcat.testing.ManualTimer;

public final class UpdatesTest {
    private final ManualTimer timer = new ManualTimer();
    private final Waiters waiters = new Waiters();
    private final List<String> submitted = new ArrayList<>();
    private final Updates updates = new Updates(waiters, submitted::add, timer);

    private void comes(Dependency dependency) {
        waiters.add(dependency, "C@1");
        waiters.came(dependency).forEach(updates::request);
    }

    private void isTaken(Dependency dependency) {
        assertTrue(waiters.take("C@1", Collections.singleton(dependency.uri())));
    }

    @Test
    public void an_update_that_is_done_is_submitted_once() {
        comes(on("dt", "1"));
        isTaken(on("dt", "1"));
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals(Arrays.asList("C@1"), submitted);
    }

    @Test
    public void an_update_that_fails_for_hours_is_submitted_until_it_is_done_and_floods_nothing() {
        comes(on("dt", "1"));
        timer.advance(TimeUnit.HOURS.toMillis(3));
        assertTrue(submitted.size() + " times in 3 hours", submitted.size() > 100 && submitted.size() < 200);
        submitted.clear();
        timer.advance(TimeUnit.MINUTES.toMillis(1));
        assertEquals(Arrays.asList("C@1"), submitted);
        isTaken(on("dt", "1"));
        submitted.clear();
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals(Collections.emptyList(), submitted);
    }

    @Test
    public void an_update_that_throws_is_submitted_again() {
        Updates failing = new Updates(
                waiters,
                action -> {
                    submitted.add(action);
                    throw new IllegalStateException("the queue");
                },
                timer);
        waiters.add(on("dt", "1"), "C@1");
        waiters.came(on("dt", "1"));
        assertThrows(IllegalStateException.class, () -> failing.request("C@1"));
        assertThrows(IllegalStateException.class, () -> timer.advance(1_000));
        assertThrows(IllegalStateException.class, () -> timer.advance(2_000));
        assertEquals(Arrays.asList("C@1", "C@1", "C@1"), submitted);
    }

    @Test
    public void another_partition_during_an_outage_is_submitted_at_once() {
        comes(on("dt", "1"));
        timer.advance(TimeUnit.HOURS.toMillis(3));
        submitted.clear();
        comes(on("dt", "2"));
        assertEquals(Arrays.asList("C@1"), submitted);
    }

    @Test
    public void another_partition_after_the_first_was_taken_is_tried_again_too() {
        comes(on("dt", "1"));
        isTaken(on("dt", "1"));
        timer.advance(TimeUnit.HOURS.toMillis(1));
        submitted.clear();
        comes(on("dt", "2"));
        timer.advance(1_000);
        assertEquals(Arrays.asList("C@1", "C@1"), submitted);
    }

    @Test
    public void a_forgotten_action_is_not_updated_any_more() {
        comes(on("dt", "1"));
        waiters.forget("C@1");
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals(Arrays.asList("C@1"), submitted);
    }
}
