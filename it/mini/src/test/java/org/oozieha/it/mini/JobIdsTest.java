package org.oozieha.it.mini;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Timestamp;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.UUIDService;
import org.apache.oozie.service.UUIDService.ApplicationType;
import org.apache.oozie.service.ZKUUIDService;

/** Job ids beside stock's own service on one ZooKeeper, and after a wipe beside a filled job table. */
public final class JobIdsTest extends HaServicesTestCase {
    private static final int EACH = 700;
    private static final int MAXIMUM = 500;

    public void test_stock_and_pack_share_one_sequence_over_wraps() throws Exception {
        Services services = boot(
                Collections.singletonList(IDS),
                "oozie.service.ZKUUIDService.jobid.sequence.max",
                String.valueOf(MAXIMUM),
                "oozie.ha.id.block.size",
                "10",
                "oozie.zookeeper.server.shutdown.ontimeout",
                "false");
        UUIDService pack = services.get(UUIDService.class);
        maximumOfStock(MAXIMUM);
        ZKUUIDService stock = new ZKUUIDService();
        stock.init(services);
        try {
            Set<String> ofPack = new HashSet<>();
            Set<String> ofStock = new HashSet<>();
            Set<String> numbers = new HashSet<>();
            int beforeTheWrap = 0;
            for (int i = 0; i < EACH; i++) {
                String ours = pack.generateId(ApplicationType.WORKFLOW);
                String theirs = stock.generateId(ApplicationType.WORKFLOW);
                assertTrue("given out twice: " + ours, ofPack.add(ours));
                ofStock.add(theirs);
                if (beforeTheWrap == i && numbers.add(ours.substring(0, 7)) && numbers.add(theirs.substring(0, 7))) {
                    beforeTheWrap++;
                }
            }
            assertTrue("numbers repeat after " + beforeTheWrap + " of each", beforeTheWrap > MAXIMUM / 3);
            assertTrue("there were wraps", beforeTheWrap < EACH);
            ofStock.retainAll(ofPack);
            assertEquals("given out by both", Collections.emptySet(), ofStock);
        } finally {
            stock.destroy();
            maximumOfStock(9_999_990);
        }
    }

    public void test_a_thousand_ids_cost_few_writes_in_zookeeper() throws Exception {
        Services services = boot(Collections.singletonList(IDS), "oozie.zookeeper.server.shutdown.ontimeout", "false");
        UUIDService pack = services.get(UUIDService.class);
        long writesOfPack = writesPerThousand(pack);
        ZKUUIDService stock = new ZKUUIDService();
        stock.init(services);
        try {
            long writesOfStock = writesPerThousand(stock);
            System.out.println("ids.per_1000.pack.zk_writes=" + writesOfPack + " ids.per_1000.stock.zk_writes="
                    + writesOfStock + ", heartbeats of this server included in both");
            assertTrue("pack " + writesOfPack + ", stock " + writesOfStock, writesOfPack * 10 < writesOfStock);
        } finally {
            stock.destroy();
        }
    }

    private static long writesPerThousand(UUIDService ids) throws Exception {
        ids.generateId(ApplicationType.WORKFLOW);
        long before = zookeeper().zxid();
        for (int i = 0; i < 1_000; i++) {
            ids.generateId(ApplicationType.WORKFLOW);
        }
        return zookeeper().zxid() - before;
    }

    public void test_after_a_wipe_ids_go_on_above_the_newest_recorded_job() throws Exception {
        Services services = boot(Collections.singletonList(IDS));
        Configuration conf = services.get(ConfigurationService.class).getConf();
        try (Connection database = DriverManager.getConnection(
                        conf.get("oozie.service.JPAService.jdbc.url"),
                        conf.get("oozie.service.JPAService.jdbc.username"),
                        conf.get("oozie.service.JPAService.jdbc.password").trim());
                PreparedStatement insert =
                        database.prepareStatement("insert into WF_JOBS (id, created_time) values (?, ?)")) {
            insert.setString(1, "0004711-350101000000000-oozie-test-W");
            insert.setTimestamp(2, new Timestamp(System.currentTimeMillis()));
            insert.executeUpdate();
        }
        services.destroy();

        // each boot has a namespace of its own: for this one everything in ZooKeeper is gone
        String id = boot(Collections.singletonList(IDS)).get(UUIDService.class).generateId(ApplicationType.BUNDLE);
        assertTrue(id, Long.parseLong(id.substring(0, 7)) > 4711);
        assertTrue(id, id.substring(8, 23).compareTo("350101000000000") > 0);
        assertTrue(id, id.endsWith("-B"));
    }

    public void test_the_random_generator_is_left_as_it_is() throws Exception {
        UUIDService random = boot(Collections.singletonList(IDS), UUIDService.CONF_GENERATOR, "random")
                .get(UUIDService.class);
        String id = random.generateId(ApplicationType.COORDINATOR);
        assertFalse(id, id.matches("\\d{7}-\\d{15}-.*"));
        assertTrue(id, id.endsWith("-C"));
    }

    public void test_after_destroy_no_id_is_given_out() throws Exception {
        Services services = boot(Collections.singletonList(IDS));
        UUIDService ids = services.get(UUIDService.class);
        ids.generateId(ApplicationType.WORKFLOW);
        services.destroy();
        try {
            fail("given out: " + ids.generateId(ApplicationType.WORKFLOW));
        } catch (IllegalStateException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("stopping"));
        }
    }

    private static void maximumOfStock(long maximum) throws Exception {
        Method set = ZKUUIDService.class.getDeclaredMethod("setMaxSequence", long.class);
        set.setAccessible(true);
        set.invoke(null, maximum);
    }
}
