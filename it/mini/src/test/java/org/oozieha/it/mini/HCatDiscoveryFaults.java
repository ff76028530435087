package org.oozieha.it.mini;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.hive.jdbc.HiveDriver;
import org.apache.oozie.dependency.URIHandlerException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.oozieha.testing.FreePorts;

/** Servers of Hive that register themselves in ZooKeeper, and die. Not part of {@code mvn verify}. */
public final class HCatDiscoveryFaults extends HCatTwoMetastoresTestCase {
    public void test_metastores_that_register_in_zookeeper_are_found_and_followed() throws Exception {
        registered("registered in ZooKeeper", ZooDefs.Ids.OPEN_ACL_UNSAFE);
    }

    /** As Hive's servers register where there is security: everybody may read, and only they may write. */
    public void test_znodes_that_belong_to_hives_login_are_read() throws Exception {
        List<ACL> acl = new ArrayList<>(ZooDefs.Ids.READ_ACL_UNSAFE);
        acl.addAll(ZooDefs.Ids.CREATOR_ALL_ACL);
        registered("registered in ZooKeeper under a login", acl);
    }

    private void registered(String situation, List<ACL> acl) throws Exception {
        String path = "/hive_metastore_" + System.nanoTime();
        bootPack(CLUSTERS, "dw=zookeeper:" + path);
        try {
            isThere();
            fail("answered");
        } catch (URIHandlerException e) {
            assertTrue(e.getMessage(), e.getMessage().contains("no server of cluster dw is registered"));
        }
        ZooKeeper registry = new ZooKeeper(zookeeper().connectionString(), 10_000, event -> {});
        registry.addAuthInfo("digest", "hive:secret".getBytes(StandardCharsets.UTF_8));
        try {
            create(registry, acl, path, "", CreateMode.PERSISTENT);
            String first = register(registry, acl, path, one());
            figure("pack", situation + ": the first one used", () -> eventuallyThere(one()));
            register(registry, acl, path, two());
            one().kill();
            figure("pack", situation + ": it dies and its znode is still there", () -> eventuallyThere(two()));
            registry.delete(first, -1);
            assertSame(two(), chosen());
            one().launch().awaitReady();
            register(registry, acl, path, one());
            two().kill();
            figure("pack", situation + ": the first is back, the second dies", () -> eventuallyThere(one()));
        } finally {
            registry.close();
        }
        eventually("gone", false, HCatDiscoveryFaults::isReachable);
    }

    private static String register(ZooKeeper registry, List<ACL> acl, String path, HiveProcess metastore)
            throws Exception {
        return create(
                registry,
                acl,
                path + "/" + metastore.endpoint(),
                metastore.endpoint(),
                CreateMode.EPHEMERAL_SEQUENTIAL);
    }

    private static boolean eventuallyThere(HiveProcess by) throws Exception {
        eventually("reached", true, HCatDiscoveryFaults::isReachable);
        return chosen() == by;
    }

    private static boolean isReachable() throws Exception {
        try {
            return isThere();
        } catch (URIHandlerException e) {
            return false;
        }
    }

    private static String create(ZooKeeper registry, List<ACL> acl, String path, String data, CreateMode mode)
            throws KeeperException, InterruptedException {
        return registry.create(path, data.getBytes(StandardCharsets.UTF_8), acl, mode);
    }

    /** Hive's own driver, that of the server's Hive2Credentials, with servers registered as HiveServer2 does it. */
    public void test_the_jdbc_url_of_hive2_finds_a_server_by_its_registration_and_leaves_a_dead_one() throws Exception {
        String path = "/hiveserver2_" + System.nanoTime();
        String dead = "127.0.0.1:" + FreePorts.one();
        ZooKeeper registry = new ZooKeeper(zookeeper().connectionString(), 10_000, event -> {});
        ServerSocket live = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        try {
            String endpoint = "127.0.0.1:" + live.getLocalPort();
            create(registry, ZooDefs.Ids.OPEN_ACL_UNSAFE, path, "", CreateMode.PERSISTENT);
            for (String server : new String[] {dead, endpoint}) {
                create(
                        registry,
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        path + "/serverUri=" + server + ";version=1.2.2;sequence=",
                        server,
                        CreateMode.EPHEMERAL_SEQUENTIAL);
            }
            live.setSoTimeout(30_000 * Integer.getInteger("it.timing.scale", 1));
            String url = "jdbc:hive2://" + zookeeper().connectionString()
                    + "/default;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=" + path.substring(1);
            Thread client = new Thread(() -> connect(url), "hive2");
            client.start();
            try (Socket found = live.accept()) {
                assertTrue("it speaks", found.getInputStream().read() >= 0);
            }
            live.close();
            client.join(30_000L * Integer.getInteger("it.timing.scale", 1));
            assertFalse("told of the end", client.isAlive());
        } finally {
            live.close();
            registry.close();
        }
    }

    private static void connect(String url) {
        try {
            new HiveDriver().connect(url, new Properties()).close();
        } catch (SQLException nobodyAnswers) {
            // the server hung up
        }
    }
}
