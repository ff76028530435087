package org.oozieha.hcat.topic;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.oozieha.hcat.testing.ManualTimer;

public final class SubscriptionsTest {
    private final ManualTimer timer = new ManualTimer();
    private final ScriptedBroker broker = new ScriptedBroker();
    private final Set<String> needed = new HashSet<>();
    private final List<String> subscribed = new ArrayList<>();
    private final Subscriptions<String> topics =
            new Subscriptions<>("broker", broker, timer, needed::contains, subscribed::add);

    @Test
    public void a_wanted_topic_is_listened_to_and_told_about_once() {
        topics.want("t", "handler");
        topics.want("t", "another");
        timer.run();
        assertEquals("handler", broker.listeners.get("t"));
        assertEquals(Arrays.asList("t"), subscribed);
    }

    @Test
    public void h5_after_an_outage_of_two_days_every_topic_is_listened_to_again_within_15_s() {
        topics.want("t", "handler");
        topics.want("u", "handler");
        timer.run();
        broker.stop();
        timer.advance(TimeUnit.DAYS.toMillis(2));
        topics.want("v", "handler");
        timer.advance(TimeUnit.DAYS.toMillis(1));
        assertTrue("attempts: " + broker.attempts, broker.attempts < 4 * 3 * 24 * 60 + 20);
        subscribed.clear();
        broker.down = false;
        timer.advance(TimeUnit.SECONDS.toMillis(15));
        assertEquals(new HashSet<>(Arrays.asList("t", "u", "v")), broker.listeners.keySet());
        assertEquals(new HashSet<>(Arrays.asList("t", "u", "v")), new HashSet<>(subscribed));
    }

    @Test
    public void a_short_outage_is_over_soon() {
        topics.want("t", "handler");
        timer.run();
        broker.stop();
        timer.advance(2_000);
        broker.down = false;
        timer.advance(2_500);
        assertTrue(topics.isSubscribed("t"));
    }

    @Test
    public void h6_a_topic_that_is_refused_after_an_outage_is_tried_until_it_is_taken() {
        topics.want("t", "handler");
        topics.want("u", "handler");
        timer.run();
        broker.stop();
        broker.down = false;
        broker.refused.add("u");
        timer.advance(TimeUnit.HOURS.toMillis(3));
        assertTrue(topics.isSubscribed("t"));
        assertFalse(topics.isSubscribed("u"));
        assertTrue(topics.isWanted("u"));
        broker.refused.clear();
        timer.advance(60_000);
        assertTrue(topics.isSubscribed("u"));
    }

    @Test
    public void h7_a_topic_given_up_while_somebody_begins_to_need_it_stays() {
        topics.want("t", "handler");
        timer.run();
        topics.release("t");
        needed.add("t");
        timer.run();
        assertTrue(topics.isWanted("t"));
        assertEquals(Arrays.asList("+t"), broker.history);
    }

    @Test
    public void h7_a_topic_wanted_again_right_after_it_was_left_is_listened_to_and_told_about() {
        topics.want("t", "handler");
        timer.run();
        topics.release("t");
        timer.run();
        assertEquals(Arrays.asList("+t", "-t"), broker.history);
        topics.want("t", "handler");
        timer.run();
        assertEquals(Arrays.asList("+t", "-t", "+t"), broker.history);
        assertEquals(Arrays.asList("t", "t"), subscribed);
    }

    @Test
    public void a_topic_given_up_in_an_outage_is_not_listened_to_after_it() {
        topics.want("t", "handler");
        timer.run();
        broker.stop();
        topics.release("t");
        broker.down = false;
        timer.advance(120_000);
        assertEquals(Collections.emptySet(), broker.listeners.keySet());
    }

    @Test
    public void a_connection_that_died_unheard_is_replaced() {
        broker.nextConnectionIsDead = true;
        topics.want("t", "handler");
        timer.run();
        assertFalse(topics.isSubscribed("t"));
        timer.advance(60_000);
        assertTrue(topics.isSubscribed("t"));
        assertEquals(2, broker.attempts);
    }

    @Test
    public void a_topic_that_is_refused_does_not_end_the_connection_of_another() {
        topics.want("t", "handler");
        broker.refused.add("u");
        topics.want("u", "handler");
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals(1, broker.attempts);
        assertEquals(Arrays.asList("t"), subscribed);
    }

    @Test
    public void a_topic_given_up_in_an_outage_is_left_after_it_where_the_broker_keeps_messages() {
        broker.keepsMessages = true;
        topics.want("t", "handler");
        timer.run();
        broker.stop();
        topics.release("t");
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals(Arrays.asList("+t"), broker.history);
        broker.down = false;
        timer.advance(60_000);
        assertEquals(Arrays.asList("+t", "-t"), broker.history);
        int attempts = broker.attempts;
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals("and that is all", attempts, broker.attempts);
    }

    @Test
    public void a_topic_that_cannot_be_left_is_left_later_where_the_broker_keeps_messages() {
        broker.keepsMessages = true;
        topics.want("t", "handler");
        timer.run();
        broker.refused.add("t");
        topics.release("t");
        timer.run();
        assertEquals(Arrays.asList("+t"), broker.history);
        broker.refused.clear();
        timer.advance(60_000);
        assertEquals(Arrays.asList("+t", "-t"), broker.history);
    }

    @Test
    public void nobody_connects_to_leave_a_topic_of_a_broker_that_keeps_nothing() {
        topics.want("t", "handler");
        timer.run();
        broker.stop();
        timer.run();
        int attempts = broker.attempts;
        broker.down = false;
        topics.release("t");
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals(Collections.emptySet(), broker.listeners.keySet());
        assertTrue("attempts: " + broker.attempts, broker.attempts <= attempts + 1);
    }

    @Test
    public void nothing_is_opened_after_the_end() {
        broker.down = true;
        topics.want("t", "handler");
        timer.run();
        topics.close();
        broker.down = false;
        int attempts = broker.attempts;
        timer.advance(TimeUnit.HOURS.toMillis(1));
        assertEquals(attempts, broker.attempts);
        assertEquals(Collections.emptySet(), broker.listeners.keySet());
    }
}
