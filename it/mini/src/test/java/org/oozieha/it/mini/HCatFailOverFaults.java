package org.oozieha.it.mini;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.dependency.URIHandler;
import org.apache.oozie.dependency.URIHandlerException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.URIHandlerService;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * Two real metastores behind one logical name, from a list and from ZooKeeper; each dies in its turn. Not part of {@code mvn verify}; run it
 * by name.
 */
public final class HCatFailOverFaults extends HCatTestCase {
    private static final int USERS = 50;

    private static HiveProcess one;
    private static HiveProcess two;

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        if (one == null) {
            one = HiveProcess.metastore().launch();
            two = HiveProcess.metastore().launch();
            for (HiveProcess each : new HiveProcess[] {one, two}) {
                each.awaitReady();
                each.createTable("t");
                each.addPartition("t", "1");
            }
        }
        one.launchIfDead();
        two.launchIfDead();
    }

    public void test_a_logical_name_reaches_a_metastore_of_its_list() throws Exception {
        bootPack("oozie.ha.hcat.clusters", "dw=" + one.endpoint() + "," + two.endpoint());
        assertTrue(exists("hcat://dw/default/t/dt=1"));
        assertFalse(exists("hcat://dw/default/t/dt=2"));
        assertTrue("names of hosts go on", exists("hcat://" + two.endpoint() + "/default/t/dt=1"));
    }

    public void test_whichever_metastore_dies_the_other_answers() throws Exception {
        bootPack("oozie.ha.hcat.clusters", "dw=" + one.endpoint() + "," + two.endpoint());
        assertTrue(exists("hcat://dw/default/t/dt=1"));
        URIHandler.Context context = handler().getContext(uri("hcat://dw/default/t/dt=1"), conf(), getTestUser(), true);
        try {
            assertTrue(handler().exists(uri("hcat://dw/default/t/dt=1"), context));
            one.kill();
            assertTrue(exists("hcat://dw/default/t/dt=1"));
            assertTrue(handler().exists(uri("hcat://dw/default/t/dt=1"), context));
            one.launch().awaitReady();
            two.kill();
            assertTrue(exists("hcat://dw/default/t/dt=1"));
            assertTrue(handler().exists(uri("hcat://dw/default/t/dt=1"), context));
        } finally {
            context.destroy();
        }
    }

    public void test_deleting_and_a_client_for_writing_go_to_the_other_metastore() throws Exception {
        bootPack("oozie.ha.hcat.clusters", "dw=" + one.endpoint() + "," + two.endpoint());
        deletesWithout(one, two);
        deletesWithout(two, one);
    }

    /** Tables: the metastore of these tests has no parser for the expressions that name partitions to delete. */
    private static void deletesWithout(HiveProcess dead, HiveProcess alive) throws Exception {
        URI first = uri("hcat://dw/default/first");
        URI second = uri("hcat://dw/default/second");
        alive.createTable("first");
        alive.createTable("second");
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
        bootPack("oozie.ha.hcat.clusters", "dw=" + one.endpoint() + "," + two.endpoint());
        one.kill();
        two.kill();
        long began = System.nanoTime();
        try {
            exists("hcat://dw/default/t/dt=1");
            fail("answered");
        } catch (URIHandlerException e) {
            assertTrue(e.getMessage(), e.getMessage().contains(one.endpoint()));
            assertTrue(e.getMessage(), e.getMessage().contains(two.endpoint()));
            assertTrue(e.getMessage(), e.getMessage().contains("refused"));
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        System.out.println("all metastores dead: told after " + tookMs + " ms");
        assertTrue("took " + tookMs + " ms", tookMs < 20_000L * Integer.getInteger("it.timing.scale", 1));
        one.launch().awaitReady();
        assertTrue(exists("hcat://dw/default/t/dt=1"));
    }

    public void test_stock_lets_an_unchecked_exception_through_where_the_pack_does_not() throws Exception {
        two.kill();
        bootStock();
        try {
            exists("hcat://" + two.endpoint() + "/default/t/dt=1");
            fail("answered");
        } catch (URIHandlerException changed) {
            fail("stock learned it: " + changed);
        } catch (RuntimeException expected) {
            assertFalse(expected instanceof IllegalStateException);
        }
        Services.get().destroy();
        bootPack();
        try {
            exists("hcat://" + two.endpoint() + "/default/t/dt=1");
            fail("answered");
        } catch (URIHandlerException e) {
            assertTrue(e.getMessage(), e.getMessage().contains("E1501"));
        }
    }

    public void test_fifty_users_go_over_to_the_other_metastore_whichever_dies() throws Exception {
        bootPack("oozie.ha.hcat.clusters", "dw=" + one.endpoint() + "," + two.endpoint());
        assertTrue(exists("hcat://dw/default/t/dt=1"));
        for (HiveProcess dead : new HiveProcess[] {one, two}) {
            dead.kill();
            fiftyUsersAsk();
            dead.launch().awaitReady();
        }
    }

    private static void fiftyUsersAsk() throws Exception {
        ExecutorService users = Executors.newFixedThreadPool(USERS);
        try {
            long began = System.nanoTime();
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                answers.add(users.submit(() -> exists("hcat://dw/default/t/dt=1")));
            }
            for (Future<Boolean> answer : answers) {
                assertTrue(answer.get(60, TimeUnit.SECONDS));
            }
            System.out.println(
                    "fifty users answered after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms");
        } finally {
            users.shutdownNow();
        }
    }

    public void test_metastores_that_register_in_zookeeper_are_found_and_followed() throws Exception {
        String path = "/hive_metastore_" + System.nanoTime();
        bootPack("oozie.ha.hcat.clusters", "dw=zookeeper:" + path);
        try {
            exists("hcat://dw/default/t/dt=1");
            fail("answered");
        } catch (URIHandlerException e) {
            assertTrue(e.getMessage(), e.getMessage().contains("no server of cluster dw is registered"));
        }
        ZooKeeper registry = new ZooKeeper(zookeeper().connectionString(), 10_000, event -> {});
        try {
            create(registry, path, "", CreateMode.PERSISTENT);
            String first =
                    create(registry, path + "/" + one.endpoint(), one.endpoint(), CreateMode.EPHEMERAL_SEQUENTIAL);
            eventually("found", true, HCatFailOverFaults::isReachable);
            create(registry, path + "/" + two.endpoint(), two.endpoint(), CreateMode.EPHEMERAL_SEQUENTIAL);
            registry.delete(first, -1);
            one.kill();
            eventually("followed", true, HCatFailOverFaults::isReachable);
        } finally {
            registry.close();
        }
        eventually("gone", false, HCatFailOverFaults::isReachable);
    }

    private static boolean isReachable() throws Exception {
        try {
            return exists("hcat://dw/default/t/dt=1");
        } catch (URIHandlerException e) {
            return false;
        }
    }

    private static String create(ZooKeeper registry, String path, String data, CreateMode mode)
            throws KeeperException, InterruptedException {
        return registry.create(path, data.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private static boolean exists(String uri) throws Exception {
        return handler().exists(uri(uri), conf(), getTestUser());
    }

    private static URIHandler handler() throws Exception {
        return Services.get().get(URIHandlerService.class).getURIHandler(uri("hcat://any"));
    }

    private static URI uri(String text) throws Exception {
        return new URI(text);
    }

    private static Configuration conf() {
        return new Configuration(false);
    }
}
