package org.oozieha.sharelib;

import static org.junit.Assert.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

public final class PinnedContentTest {
    private final AtomicReference<String> served = new AtomicReference<>("old");
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<String> action = new AtomicReference<>();
    private final PinnedContent<String> pinned = new PinnedContent<>(served::get, action::get, nanos::get);

    @Test
    public void one_action_sees_one_version_also_over_a_switch() {
        assertEquals("old", pinned.begin());
        served.set("new");
        assertEquals("old", pinned.system());
        assertEquals("old", pinned.get());
        assertEquals("old", pinned.get());
    }

    @Test
    public void the_next_action_on_the_same_thread_sees_the_new_version() {
        pinned.begin();
        pinned.system();
        served.set("new");
        assertEquals("new", pinned.begin());
        assertEquals("new", pinned.system());
    }

    /** Oozie asks once for the action's configuration and once for its launcher's. */
    @Test
    public void both_rounds_of_one_action_see_one_version_and_the_next_action_the_new_one() {
        action.set("1@a");
        assertEquals("old", pinned.begin());
        assertEquals("old", pinned.system());
        served.set("new");
        assertEquals("old", pinned.begin());
        assertEquals("old", pinned.system());
        assertEquals("old", pinned.get());
        action.set("1@b");
        assertEquals("new", pinned.begin());
        assertEquals("new", pinned.system());
    }

    @Test
    public void an_oozie_that_does_not_ask_for_the_root_also_sees_one_version_in_both_rounds() {
        action.set("1@a");
        assertEquals("old", pinned.system());
        served.set("new");
        assertEquals("old", pinned.system());
        action.set("1@b");
        assertEquals("new", pinned.get());
        assertEquals("new", pinned.system());
    }

    @Test
    public void an_oozie_that_does_not_ask_for_the_root_begins_with_the_systems_jars() {
        pinned.system();
        assertEquals("old", pinned.get());
        served.set("new");
        assertEquals("old", pinned.get());
        assertEquals("new", pinned.system());
        assertEquals("new", pinned.get());
    }

    @Test
    public void after_five_minutes_a_thread_sees_what_is_served() {
        action.set("1@a");
        pinned.begin();
        served.set("new");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(299));
        assertEquals("old", pinned.get());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertEquals("new", pinned.get());
        assertEquals("new", pinned.begin());
    }

    @Test
    public void a_question_outside_an_action_pins_nothing() {
        assertEquals("old", pinned.get());
        served.set("new");
        assertEquals("new", pinned.get());
    }

    @Test
    public void nothing_is_pinned_while_nothing_is_served() {
        served.set(null);
        assertEquals(null, pinned.begin());
        served.set("first");
        assertEquals("first", pinned.get());
    }
}
