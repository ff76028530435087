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
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A real ZooKeeper server in this JVM that can be stopped, started, made to end sessions and wiped. */
final class EmbeddedZooKeeper implements AutoCloseable {
    static final int TICK_MS = 100;

    private final File data;
    private int port;
    private ZooKeeperServer server;
    private ServerCnxnFactory factory;
    private ZooKeeper admin;

    EmbeddedZooKeeper() throws Exception {
        data = Files.createTempDirectory("zookeeper").toFile();
        start();
    }

    int port() {
        return port;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    void start() throws Exception {
        server = new ZooKeeperServer(data, data, TICK_MS);
        server.setMinSessionTimeout(2 * TICK_MS);
        server.setMaxSessionTimeout(60_000);
        factory = NIOServerCnxnFactory.createFactory(new InetSocketAddress("127.0.0.1", port), 200);
        factory.startup(server);
        port = factory.getLocalPort();
    }

    void stop() throws Exception {
        if (admin != null) {
            admin.close();
            admin = null;
        }
        factory.shutdown();
        server.getZKDatabase().close();
    }

    /** A session of the test's own. */
    ZooKeeper admin() throws IOException, InterruptedException {
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
    void expireOwnerOf(String path) throws Exception {
        server.closeSession(admin().exists(path, false).getEphemeralOwner());
    }

    void wipe(String path) throws Exception {
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

    int grandChildren(String path) {
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
}
