package org.oozieha.cluster.zookeeper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;

/**
 * The servers registered at one moment, read from outside the cluster over a session of its own. Immutable.
 *
 * <p>Nothing is written, also not the namespace. On failure {@link ClusterUnavailableException} says what was tried.
 */
public final class ServerListing {
    private static final int RETRY_AFTER_MS = 200;

    private final Members members;
    private final Map<String, String> damaged;

    private ServerListing(Members members, Map<String, String> damaged) {
        this.members = members;
        this.damaged = Collections.unmodifiableMap(damaged);
    }

    /** @param options their session timeout is the bound for the connection and for each read */
    public static ServerListing read(ZkOptions options) throws ClusterUnavailableException, InterruptedException {
        try {
            TlsCheck.run(options);
        } catch (ClusterStartException e) {
            throw new ClusterUnavailableException(e.getMessage(), e);
        }
        int timeoutMs = options.sessionTimeoutMs();
        AtomicReference<String> problem = new AtomicReference<>("");
        try (Connector connector = new Connector(options, System::currentTimeMillis);
                CuratorFramework curator = CuratorFrameworkFactory.builder()
                        .connectString(options.connectionString())
                        .sessionTimeoutMs(timeoutMs)
                        .connectionTimeoutMs(timeoutMs)
                        .retryPolicy(new RetryOneTime(RETRY_AFTER_MS))
                        .ensembleTracker(false)
                        .zookeeperFactory((address, timeout, watcher, readOnly) ->
                                connector.connect(watcher, failed -> problem.set(": " + failed.getMessage()), null))
                        .build()) {
            curator.start();
            if (!curator.blockUntilConnected(timeoutMs, TimeUnit.MILLISECONDS)) {
                throw new ClusterUnavailableException("No connection to ZooKeeper at " + options.connectionString()
                        + " within " + timeoutMs + " ms" + problem.get());
            }
            return read(curator, options.root());
        }
    }

    private static ServerListing read(CuratorFramework curator, String root)
            throws ClusterUnavailableException, InterruptedException {
        List<Member> members = new ArrayList<>();
        Map<String, String> stock = new TreeMap<>();
        Map<String, String> damaged = new TreeMap<>();
        children(curator, root + "/ha/servers").forEach((id, data) -> {
            try {
                members.add(MemberFormat.decode(data));
            } catch (IllegalArgumentException e) {
                damaged.put(id, String.valueOf(e.getMessage()));
            }
        });
        children(curator, root + "/services/servers").forEach((id, data) -> {
            try {
                stock.put(id, MemberFormat.stockUrl(data));
            } catch (IllegalArgumentException e) {
                damaged.put(id, String.valueOf(e.getMessage()));
            }
        });
        return new ServerListing(Members.of(members, stock), damaged);
    }

    private static Map<String, byte[]> children(CuratorFramework curator, String path)
            throws ClusterUnavailableException, InterruptedException {
        Map<String, byte[]> children = new TreeMap<>();
        try {
            for (String child : curator.getChildren().forPath(path)) {
                byte[] data = dataOf(curator, path + "/" + child);
                if (data != null) {
                    children.put(child, data);
                }
            }
        } catch (KeeperException.NoNodeException e) {
            return children;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new ClusterUnavailableException("Cannot read " + path + " from ZooKeeper: " + e.getMessage(), e);
        }
        return children;
    }

    private static byte[] dataOf(CuratorFramework curator, String path) throws Exception {
        try {
            return curator.getData().forPath(path);
        } catch (KeeperException.NoNodeException e) {
            return null;
        }
    }

    /** The entries that could be read. */
    public Members members() {
        return members;
    }

    /** Server id to what is wrong with its entry. */
    public Map<String, String> damaged() {
        return damaged;
    }
}
