package org.oozieha.it.mini;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.dependency.URIHandler;
import org.apache.oozie.dependency.URIHandlerException;
import org.apache.oozie.service.Services;
import org.oozieha.testing.FreePorts;

/**
 * Two real metastores behind one logical name, from a list; the chosen one dies. Stock has a list in the URI. Not part of {@code mvn verify}.
 */
public final class HCatFailOverFaults extends HCatTwoMetastoresTestCase {
    private static final int USERS = 50;

    public void test_a_logical_name_reaches_a_metastore_of_its_list() throws Exception {
        bootPack(CLUSTERS, "dw=127.0.0.1:" + FreePorts.one() + "," + one().endpoint() + "," + two().endpoint());
        figure("pack", "first check, one of three in the list dead", HCatTwoMetastoresTestCase::isThere);
        assertTrue(chosen() == one() || chosen() == two());
        assertFalse(exists("hcat://dw/default/t/dt=2"));
        assertTrue("names of hosts go on", exists("hcat://" + two().endpoint() + "/default/t/dt=1"));
        figure("pack", "a check, nobody dead", HCatTwoMetastoresTestCase::isThere);
    }

    public void test_when_the_chosen_metastore_dies_the_other_answers_and_one_that_is_back_is_used() throws Exception {
        bootPack(CLUSTERS, both());
        assertTrue(isThere());
        for (int i = 0; i < 2; i++) {
            HiveProcess dead = chosen();
            HiveProcess other = other(dead);
            dead.kill();
            figure("pack", "the chosen one dead, a single user", HCatTwoMetastoresTestCase::isThere);
            assertSame("sticks", other, chosen());
            dead.launch().awaitReady();
            assertTrue(isThere());
            assertSame("sticks although the first is back", other, chosen());
        }
    }

    public void test_an_open_client_is_replaced_when_its_metastore_dies() throws Exception {
        bootPack(CLUSTERS, both());
        URIHandler.Context context = context(THERE);
        try {
            assertTrue(handler().exists(uri(THERE), context));
            chosen().kill();
            figure("pack", "the chosen one dead, an open client", () -> handler()
                    .exists(uri(THERE), context));
        } finally {
            context.destroy();
        }
    }

    public void test_the_chosen_metastore_dies_in_the_middle_of_a_check() throws Exception {
        bootPack(CLUSTERS, both());
        URIHandler.Context context = context(THERE);
        HiveProcess dead = chosen();
        HiveProcess other = other(dead);
        FutureTask<Boolean> check = new FutureTask<>(() -> handler().exists(uri(THERE), context));
        Thread asks = new Thread(check, "asks");
        try {
            dead.freeze();
            asks.start();
            eventually("the question is out", true, () -> waitsForAnAnswer(asks));
            dead.kill();
            figure("pack", "the chosen one dies in the middle of a check", () -> check.get(60, TimeUnit.SECONDS));
            assertSame(other, chosen());
        } finally {
            dead.kill();
            asks.join(60_000);
            context.destroy();
        }
    }

    private static boolean waitsForAnAnswer(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().endsWith("TIOStreamTransport")
                    && frame.getMethodName().equals("read")) {
                return true;
            }
        }
        return false;
    }

    public void test_a_chosen_metastore_that_is_silent_is_left_when_the_bound_is_over() throws Exception {
        bootPack(CLUSTERS, both(), "oozie.ha.hcat.call.timeout.ms", "5000");
        assertTrue(isThere());
        HiveProcess silent = chosen();
        silent.freeze();
        try {
            figure("pack", "the chosen one silent, bound 5 s", HCatTwoMetastoresTestCase::isThere);
            assertNotSame(silent, chosen());
        } finally {
            silent.thaw();
        }
    }

    public void test_deleting_and_a_client_for_writing_go_to_the_other_metastore() throws Exception {
        bootPack(CLUSTERS, both());
        assertTrue(isThere());
        deletesWithout(chosen());
        deletesWithout(chosen());
    }

    /** Tables: the metastore of these tests has no parser for the expressions that name partitions to delete. */
    private static void deletesWithout(HiveProcess dead) throws Exception {
        URI first = uri("hcat://dw/default/first");
        URI second = uri("hcat://dw/default/second");
        other(dead).createTable("first");
        other(dead).createTable("second");
        dead.kill();
        handler().delete(first, conf(), getTestUser());
        URIHandler.Context context = handler().getContext(second, conf(), getTestUser(), false);
        try {
            assertTrue(handler().exists(second, context));
            handler().delete(second, context);
        } finally {
            context.destroy();
        }
        assertFalse(exists(first.toString()));
        assertFalse(exists(second.toString()));
        dead.launch().awaitReady();
    }

    public void test_with_all_metastores_dead_the_message_names_them_and_one_that_is_back_is_used() throws Exception {
        bootPack(CLUSTERS, both());
        one().kill();
        two().kill();
        long began = System.nanoTime();
        try {
            isThere();
            fail("answered");
        } catch (URIHandlerException e) {
            assertTrue(e.getMessage(), e.getMessage().contains(one().endpoint()));
            assertTrue(e.getMessage(), e.getMessage().contains(two().endpoint()));
            assertTrue(e.getMessage(), e.getMessage().contains("refused"));
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        HCatFigures.put("pack", "all dead: told so", tookMs + " ms");
        assertTrue("took " + tookMs + " ms", tookMs < 20_000L * Integer.getInteger("it.timing.scale", 1));
        one().launch().awaitReady();
        figure("pack", "all dead, one is back", HCatTwoMetastoresTestCase::isThere);
    }

    public void test_stock_with_a_list_in_the_uri_lets_an_unchecked_exception_through_when_all_are_dead()
            throws Exception {
        String list = "hcat://" + one().endpoint() + "," + two().endpoint() + "/default/t/dt=1";
        bootStock();
        figure("stock, list in the URI", "a check, nobody dead", () -> exists(list));
        one().kill();
        for (int i = 0; i < 2; i++) {
            figure("stock, list in the URI", "the first of the list dead, a single user", () -> exists(list));
        }
        two().kill();
        long began = System.nanoTime();
        try {
            exists(list);
            fail("answered");
        } catch (URIHandlerException changed) {
            fail("stock learned it: " + changed);
        } catch (RuntimeException expected) {
            assertEquals("UncheckedExecutionException", expected.getClass().getSimpleName());
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        HCatFigures.put("stock, list in the URI", "all dead: UncheckedExecutionException", tookMs + " ms");
        Services.get().destroy();

        bootPack();
        try {
            exists("hcat://" + two().endpoint() + "/default/t/dt=1");
            fail("answered");
        } catch (URIHandlerException e) {
            assertTrue(e.getMessage(), e.getMessage().contains("E1501"));
        }
    }

    public void test_fifty_users_go_over_to_the_other_metastore_and_agree() throws Exception {
        bootPack(CLUSTERS, both());
        assertTrue(isThere());
        figure("pack", "fifty users at once, nobody dead", HCatFailOverFaults::fiftyUsersAsk);
        for (int i = 0; i < 2; i++) {
            HiveProcess dead = chosen();
            HiveProcess other = other(dead);
            dead.kill();
            figure("pack", "the chosen one dead, fifty users at once", HCatFailOverFaults::fiftyUsersAsk);
            assertSame(other, chosen());
            dead.launch().awaitReady();
        }
    }

    private static boolean fiftyUsersAsk() throws Exception {
        ExecutorService users = Executors.newFixedThreadPool(USERS);
        try {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                answers.add(users.submit(HCatTwoMetastoresTestCase::isThere));
            }
            for (Future<Boolean> answer : answers) {
                assertTrue(answer.get(60, TimeUnit.SECONDS));
            }
            return true;
        } finally {
            users.shutdownNow();
        }
    }
}
