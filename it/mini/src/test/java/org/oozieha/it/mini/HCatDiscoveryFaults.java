package org.oozieha.it.mini;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.hive.jdbc.HiveDriver;
import org.apache.oozie.dependency.URIHandlerException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;

/** Servers of Hive that register themselves in ZooKeeper, and die. Not part of {@code mvn verify}. */
public final class HCatDiscoveryFaults extends HCatTwoMetastoresTestCase {
    private static final int BOUND_MS = 30_000 * Integer.getInteger("it.timing.scale", 1);
    /** Each begins with the dead server or with the live one. */
    private static final int CONNECTIONS = 30;

    private static final List<String> LEFT_A_DEAD_ONE = Arrays.asList("dead", "live");

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

    /** Hive's own driver, that of the server's Hive2Credentials, with servers registered as HiveServer2 does it. It begins with any. */
    public void test_the_jdbc_url_of_hive2_finds_a_server_by_its_registration_and_leaves_a_dead_one() throws Exception {
        String path = "/hiveserver2_" + System.nanoTime();
        List<String> asked = new CopyOnWriteArrayList<>();
        ZooKeeper registry = new ZooKeeper(zookeeper().connectionString(), 10_000, event -> {});
        try (ServerSocket dead = loopback();
                ServerSocket live = loopback()) {
            create(registry, ZooDefs.Ids.OPEN_ACL_UNSAFE, path, "", CreateMode.PERSISTENT);
            for (ServerSocket server : new ServerSocket[] {dead, live}) {
                create(
                        registry,
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        path + "/serverUri=127.0.0.1:" + server.getLocalPort() + ";version=1.2.2;sequence=",
                        "127.0.0.1:" + server.getLocalPort(),
                        CreateMode.EPHEMERAL_SEQUENTIAL);
            }
            answer(dead, caller -> asked.add("dead"));
            answer(live, caller -> asked.add(caller.getInputStream().read() >= 0 ? "live" : "live, silently"));
            String url = "jdbc:hive2://" + zookeeper().connectionString()
                    + "/default;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=" + path.substring(1);
            for (int i = 0; i < CONNECTIONS && !asked.equals(LEFT_A_DEAD_ONE); i++) {
                asked.clear();
                connect(url);
                assertTrue("asked: " + asked, asked.contains("live"));
            }
            assertEquals("of the last connection", LEFT_A_DEAD_ONE, asked);
        } finally {
            registry.close();
        }
    }

    private static ServerSocket loopback() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    /** Hangs up on every caller after that, until the socket is closed. */
    private static void answer(ServerSocket server, Call call) {
        new Thread(
                        () -> {
                            while (!server.isClosed()) {
                                try (Socket caller = server.accept()) {
                                    caller.setSoTimeout(BOUND_MS);
                                    call.from(caller);
                                } catch (IOException callerLeftOrServerClosed) {
                                    // the next one
                                }
                            }
                        },
                        "answers on " + server.getLocalPort())
                .start();
    }

    /** Returns when the driver gave up, as each server hung up. */
    private static void connect(String url) throws Exception {
        FutureTask<Void> connection = new FutureTask<>(() -> {
            new HiveDriver().connect(url, new Properties()).close();
            return null;
        });
        new Thread(connection, "hive2").start();
        try {
            connection.get(BOUND_MS, TimeUnit.MILLISECONDS);
            fail("connected");
        } catch (ExecutionException e) {
            assertTrue(e.toString(), e.getCause() instanceof SQLException);
        }
    }

    private interface Call {
        void from(Socket caller) throws IOException;
    }
}
