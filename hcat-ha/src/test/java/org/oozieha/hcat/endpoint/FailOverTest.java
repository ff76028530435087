package org.oozieha.hcat.endpoint;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.oozieha.hcat.testing.ManualTimer;

public final class FailOverTest {
    private static final int USERS = 50;

    private final ManualTimer time = new ManualTimer();
    private final List<String> live = new CopyOnWriteArrayList<>(Arrays.asList("h1:9083", "h2:9083", "h3:9083"));
    private final Set<String> dead = ConcurrentHashMap.newKeySet();
    private final List<String> called = new CopyOnWriteArrayList<>();
    private final StickyChoice choice = new StickyChoice(
            "dw",
            new Endpoints() {
                @Override
                public List<String> live() {
                    return live;
                }

                @Override
                public String toString() {
                    return "the test";
                }
            },
            time::nanos,
            new Random(Integer.getInteger("it.seed", 1)));
    private final FailOver cluster =
            new FailOver("dw", choice, IOException.class::isInstance, time::nanos, TimeUnit.SECONDS.toNanos(20));

    private String ask(String endpoint) throws IOException {
        called.add(endpoint);
        if (dead.contains(endpoint)) {
            throw new IOException("refused");
        }
        return endpoint;
    }

    @Test
    public void one_of_the_list_is_picked_and_kept() throws Exception {
        String first = cluster.call(this::ask);
        assertTrue(live.contains(first));
        for (int i = 0; i < 20; i++) {
            assertEquals(first, cluster.call(this::ask));
        }
    }

    @Test
    public void a_user_whose_server_dies_goes_on_with_another_one() throws Exception {
        String first = cluster.call(this::ask);
        dead.add(first);
        String second = cluster.call(this::ask);
        assertNotEquals(first, second);
        dead.remove(first);
        assertEquals("the choice is kept", second, cluster.call(this::ask));
    }

    @Test
    public void a_server_that_is_not_registered_any_more_is_not_asked() throws Exception {
        String first = cluster.call(this::ask);
        live.remove(first);
        called.clear();
        assertNotEquals(first, cluster.call(this::ask));
        assertEquals(1, called.size());
    }

    @Test
    public void when_all_are_dead_the_message_names_each_and_why() throws Exception {
        dead.addAll(live);
        try {
            cluster.call(this::ask);
            fail("answered");
        } catch (NoEndpointException e) {
            for (String endpoint : live) {
                assertTrue(e.getMessage(), e.getMessage().contains(endpoint + "=IOException: refused"));
            }
            assertTrue(e.getMessage(), e.getMessage().contains("from the test"));
        }
        assertEquals(new HashSet<>(live), new HashSet<>(called));
        assertEquals(3, called.size());
        dead.remove("h2:9083");
        assertEquals("back, and used at once", "h2:9083", cluster.call(this::ask));
    }

    @Test
    public void without_a_registered_server_the_message_says_so() throws Exception {
        live.clear();
        try {
            cluster.call(this::ask);
            fail("answered");
        } catch (NoEndpointException e) {
            assertTrue(
                    e.getMessage(),
                    e.getMessage().startsWith("no server of cluster dw is registered: the test is empty"));
        }
    }

    @Test
    public void one_other_server_is_asked_although_the_first_was_silent_for_the_whole_bound() throws Exception {
        dead.add(cluster.call(this::ask));
        called.clear();
        String answered = cluster.call(endpoint -> {
            time.advance(30_000);
            return ask(endpoint);
        });
        assertEquals(2, called.size());
        assertEquals(called.get(1), answered);
    }

    @Test
    public void no_third_server_is_begun_after_the_bound() throws Exception {
        dead.addAll(live);
        try {
            cluster.call(endpoint -> {
                time.advance(30_000);
                return ask(endpoint);
            });
            fail("answered");
        } catch (NoEndpointException e) {
            assertEquals(2, called.size());
        }
    }

    @Test
    public void what_a_server_answers_is_not_asked_of_another_one() throws Exception {
        try {
            cluster.call(endpoint -> {
                called.add(endpoint);
                throw new IllegalArgumentException("no such table");
            });
            fail("answered");
        } catch (IllegalArgumentException e) {
            assertEquals(1, called.size());
        }
    }

    @Test
    public void a_server_that_failed_is_passed_over_for_half_a_minute_and_used_again_after_it() throws Exception {
        String first = cluster.call(this::ask);
        dead.add(first);
        String second = cluster.call(this::ask);
        dead.clear();
        live.removeIf(endpoint -> !endpoint.equals(first) && !endpoint.equals(second));
        time.advance(31_000);
        dead.add(second);
        assertEquals(first, cluster.call(this::ask));
    }

    @Test
    public void fifty_users_that_lose_their_server_at_once_agree_on_one_other() throws Exception {
        String first = cluster.call(this::ask);
        ExecutorService users = Executors.newFixedThreadPool(USERS);
        try {
            CyclicBarrier together = new CyclicBarrier(USERS);
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                answers.add(users.submit(() -> cluster.call(endpoint -> {
                    if (endpoint.equals(first)) {
                        together.await(30, TimeUnit.SECONDS); // all of them are in the middle of a call when it dies
                        throw new IOException("reset");
                    }
                    return ask(endpoint);
                })));
            }
            Set<String> second = new HashSet<>();
            for (Future<String> answer : answers) {
                second.add(answer.get(30, TimeUnit.SECONDS));
            }
            assertEquals("one new choice: " + second, 1, second.size());
            assertEquals(second, Collections.singleton(cluster.call(this::ask)));
        } finally {
            users.shutdownNow();
        }
    }

    @Test
    public void a_late_report_about_an_older_choice_leaves_the_newer_one_as_it_is() throws Exception {
        String first = cluster.call(this::ask);
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch report = new CountDownLatch(1);
        ExecutorService slow = Executors.newSingleThreadExecutor();
        try {
            FailOver patient =
                    new FailOver("dw", choice, Exception.class::isInstance, time::nanos, TimeUnit.HOURS.toNanos(1));
            Future<String> late = slow.submit(() -> patient.call(endpoint -> {
                if (endpoint.equals(first)) {
                    asking.countDown();
                    report.await(30, TimeUnit.SECONDS);
                    throw new IOException("timed out");
                }
                return endpoint;
            }));
            assertTrue(asking.await(30, TimeUnit.SECONDS));
            dead.add(first);
            String second = cluster.call(this::ask);
            dead.clear();
            live.retainAll(Arrays.asList(first, second));
            time.advance(31_000);
            dead.add(second);
            assertEquals(first, cluster.call(this::ask));
            dead.clear();
            report.countDown();
            assertEquals("for this one call", second, late.get(30, TimeUnit.SECONDS));
            assertEquals("for everybody else", first, cluster.call(this::ask));
        } finally {
            slow.shutdownNow();
        }
    }
}
