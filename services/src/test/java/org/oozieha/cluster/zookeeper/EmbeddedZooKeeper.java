package org.oozieha.cluster.zookeeper;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.ContainerManager;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A real ZooKeeper server in this JVM that can be stopped, started, made to end sessions and wiped. */
public final class EmbeddedZooKeeper implements AutoCloseable {
    public static final int TICK_MS = 100;

    private File data;
    private int port;
    private CollectableServer server;
    private ContainerManager containers;
    private ServerCnxnFactory factory;
    private ZooKeeper admin;

    public EmbeddedZooKeeper() throws Exception {
        data = Files.createTempDirectory("zookeeper").toFile();
        start();
    }

    public int port() {
        return port;
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    public void start() throws Exception {
        server = new CollectableServer(data);
        server.setMinSessionTimeout(2 * TICK_MS);
        server.setMaxSessionTimeout(60_000);
        factory = NIOServerCnxnFactory.createFactory(new InetSocketAddress("127.0.0.1", port), 200);
        factory.startup(server);
        port = factory.getLocalPort();
    }

    /** Starts as after the loss of all data: no session, no node, transactions counted from zero. */
    public void startEmpty() throws Exception {
        data = Files.createTempDirectory("zookeeper").toFile();
        start();
    }

    public void stop() throws Exception {
        if (admin != null) {
            admin.close();
            admin = null;
        }
        if (containers != null) {
            containers.stop();
            containers = null;
        }
        factory.shutdown();
        server.getZKDatabase().close();
    }

    /** A session of the test's own. */
    public ZooKeeper admin() throws IOException, InterruptedException {
        if (admin == null) {
            CountDownLatch connected = new CountDownLatch(1);
            admin = new ZooKeeper(address(), 30_000, event -> {
                if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                    connected.countDown();
                }
            });
            connected.await(10, TimeUnit.SECONDS);
        }
        return admin;
    }

    /** Ends the session that owns this node, as if its timeout had passed. */
    public void expireOwnerOf(String path) throws Exception {
        server.closeSession(admin().exists(path, false).getEphemeralOwner());
    }

    /** Deletes empty containers ten times a second until the server stops; else nobody does. */
    public void collectContainers() {
        containers = server.collector();
        containers.start();
    }

    public void wipe(String path) throws Exception {
        for (int attempt = 0; attempt < 20; attempt++) {
            try {
                ZKUtil.deleteRecursive(admin(), path);
                return;
            } catch (KeeperException.NoNodeException | KeeperException.NotEmptyException raced) {
                // somebody wrote meanwhile
            }
        }
        throw new IllegalStateException("cannot wipe " + path);
    }

    public int grandChildren(String path) {
        try {
            int count = 0;
            for (String child : admin().getChildren(path, false)) {
                count += children(path + '/' + child).size();
            }
            return count;
        } catch (KeeperException | IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private List<String> children(String path) throws KeeperException, InterruptedException, IOException {
        try {
            return admin().getChildren(path, false);
        } catch (KeeperException.NoNodeException gone) {
            return java.util.Collections.emptyList();
        }
    }

    /** The last transaction's number; each write, failed creates too, is one. */
    long lastZxid() {
        return server.getZKDatabase().getDataTreeLastProcessedZxid();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class CollectableServer extends ZooKeeperServer {
        private CollectableServer(File data) throws IOException {
            super(data, data, TICK_MS);
        }

        private ContainerManager collector() {
            return new ContainerManager(getZKDatabase(), firstProcessor, 100, 10_000_000);
        }
    }
}
