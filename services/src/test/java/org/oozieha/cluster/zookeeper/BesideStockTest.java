package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.oozieha.testing.Eventually.until;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Json;
import org.oozieha.cluster.ServerIdentity;

/** What a pack server sees of stock servers, shows to them, and cleans up after them. */
public final class BesideStockTest {
    /** Their names take more than a client's default limit of 1 MB for an answer. */
    private static final int LEFT_BEHIND = 27_000;

    private static final String STOCK = "/oozie/services/servers/stock-1";

    private EmbeddedZooKeeper zookeeper;
    private ZkCluster a;

    @Before
    public void start() throws Exception {
        zookeeper = new EmbeddedZooKeeper();
        a = ZkCluster.start(
                new ZkOptions(zookeeper.address(), "oozie", 2_400, EmbeddedZooKeeper.TICK_MS, 20_000),
                new ServerIdentity("a", "http://a:11000/oozie", "test", "test", 42),
                System::currentTimeMillis);
    }

    @After
    public void stop() {
        a.close();
        zookeeper.close();
    }

    @Test
    public void a_stock_server_is_seen_and_this_server_shows_itself_to_it_while_it_is_there() throws Exception {
        assertNull("nothing for nobody", zookeeper.admin().exists("/oozie/services", false));
        stockServer();
        until("seen", () -> "http://stock:11000/oozie"
                .equals(a.members().stockServers().get("stock-1")));
        until("shown", () -> entry() != null);
        Map<String, Object> json = Json.object(new String(entry(), UTF_8));
        assertEquals("servers", json.get("name"));
        assertEquals("a", json.get("id"));
        assertEquals(42L, json.get("registrationTimeUTC"));
        assertEquals("http://a:11000/oozie", ((Map<?, ?>) json.get("payload")).get("OOZIE_URL"));
        assertEquals(
                "itself is no stock server",
                "[stock-1]",
                a.members().stockServers().keySet().toString());

        zookeeper.expireOwnerOf("/oozie" + Paths.server("a"));
        until("shown in the next incarnation", () -> a.lease().isValid() && ownerOfEntry() == ownerOfMember());

        zookeeper.admin().delete(STOCK, -1);
        until("the stock server is gone", () -> !a.members().stockPresent());
        until("and nothing is shown any more", () -> entry() == null);
    }

    @Test
    public void empty_lock_parents_go_and_used_ones_stay() throws Exception {
        ZooKeeper admin = zookeeper.admin();
        for (int i = 0; i < 50; i++) {
            persistent("/oozie/locks/empty-" + i);
        }
        persistent("/oozie/locks/used");
        persistent("/oozie/locks/used/_c_1-__WRIT__0000000000");
        a.removeEmptyLockParents();
        until("only the used one is left", () -> locks() == 1);
        assertNotNull(admin.exists("/oozie/locks/used", false));
    }

    @Test
    public void more_lock_parents_than_fit_into_a_default_answer_are_removed_over_the_same_connection()
            throws Exception {
        Incarnation first = a.lease().incarnation();
        CountDownLatch made = new CountDownLatch(LEFT_BEHIND);
        for (int i = 0; i < LEFT_BEHIND; i++) {
            zookeeper
                    .admin()
                    .create(
                            "/oozie/locks/0000000-200101000000000-oozie-oozi-W-" + i,
                            new byte[0],
                            ZooDefs.Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT,
                            (rc, path, ctx, name) -> made.countDown(),
                            null);
        }
        assertTrue(made.await(60, TimeUnit.SECONDS));
        a.removeEmptyLockParents();
        until("none is left", () -> parents() == 0);
        assertEquals(first, a.lease().incarnation());
        assertEquals(0, a.reattachments());
    }

    private int parents() {
        try {
            return zookeeper.admin().exists("/oozie/locks", false).getNumChildren();
        } catch (Exception e) {
            return -1;
        }
    }

    private void stockServer() throws Exception {
        persistent("/oozie/services");
        persistent("/oozie/services/servers");
        String json =
                "{\"name\":\"servers\",\"id\":\"stock-1\",\"address\":\"10.0.0.1\",\"port\":null,\"sslPort\":null,"
                        + "\"payload\":{\"OOZIE_ID\":\"stock-1\",\"OOZIE_URL\":\"http://stock:11000/oozie\"},"
                        + "\"registrationTimeUTC\":1,\"serviceType\":\"DYNAMIC\",\"uriSpec\":null}";
        zookeeper.admin().create(STOCK, json.getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }

    private void persistent(String path) throws Exception {
        zookeeper.admin().create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private int locks() {
        try {
            return zookeeper.admin().getChildren("/oozie/locks", false).size();
        } catch (Exception e) {
            return -1;
        }
    }

    private byte[] entry() {
        try {
            return zookeeper.admin().getData("/oozie/services/servers/a", false, null);
        } catch (KeeperException.NoNodeException none) {
            return null;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private long ownerOfEntry() {
        return owner("/oozie/services/servers/a", -1);
    }

    private long ownerOfMember() {
        return owner("/oozie" + Paths.server("a"), -2);
    }

    private long owner(String path, long otherwise) {
        try {
            return zookeeper.admin().exists(path, false).getEphemeralOwner();
        } catch (Exception e) {
            return otherwise;
        }
    }
}
