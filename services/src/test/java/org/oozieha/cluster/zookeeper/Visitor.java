package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** A session of somebody who tries what is allowed. */
final class Visitor implements AutoCloseable {
    private final Connector connector;
    private final ZooKeeper zk;

    /** As the options say: as a principal, a user, or nobody. */
    Visitor(ZkOptions options) throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        connector = new Connector(options, System::currentTimeMillis);
        zk = connector.connect(
                event -> {
                    if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                problem -> {},
                null);
        if (!connected.await(20, TimeUnit.SECONDS)) {
            throw new IOException("not connected");
        }
    }

    ZooKeeper zk() {
        return zk;
    }

    /** Every znode at and below this one, parents first. */
    List<String> tree(String path) throws KeeperException, InterruptedException {
        List<String> found = new ArrayList<>();
        try {
            found.add(path);
            for (String child : zk.getChildren(path, false)) {
                found.addAll(tree(path.equals("/") ? "/" + child : path + '/' + child));
            }
        } catch (KeeperException.NoNodeException gone) {
            found.remove(path);
        }
        return found;
    }

    /** Whether reading, writing, creating below, deleting, giving away are refused, one word each; nothing is left changed by a refusal. */
    String attempts(String path) throws InterruptedException {
        return outcome("read", () -> zk.getData(path, false, null))
                + outcome("list", () -> zk.getChildren(path, false))
                + outcome("write", () -> zk.setData(path, new byte[0], -1))
                + outcome(
                        "create",
                        () -> zk.create(
                                path + "/stranger", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                + outcome("acl", () -> zk.setACL(path, ZooDefs.Ids.OPEN_ACL_UNSAFE, -1))
                + outcome("delete", () -> zk.delete(path, -1));
    }

    private static String outcome(String what, Attempt attempt) throws InterruptedException {
        try {
            attempt.make();
            return what + "=ALLOWED ";
        } catch (KeeperException.NoAuthException refused) {
            return what + "=refused ";
        } catch (KeeperException other) {
            return what + '=' + other.code() + ' ';
        }
    }

    @Override
    public void close() {
        try {
            zk.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connector.close();
        }
    }

    private interface Attempt {
        void make() throws KeeperException, InterruptedException;
    }
}
