package org.oozieha.cluster.zookeeper;

import java.util.ArrayList;
import java.util.Collection;
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
    private final Map<String, Map<String, byte[]>> directories;

    private ServerListing(Members members, Map<String, String> damaged, Map<String, Map<String, byte[]>> directories) {
        this.members = members;
        this.damaged = Collections.unmodifiableMap(damaged);
        this.directories = Collections.unmodifiableMap(directories);
    }

    /**
     * @param options their session timeout is the bound for the connection and for each read
     * @param directories further paths within the namespace whose children are read
     */
    public static ServerListing read(ZkOptions options, Collection<String> directories)
            throws ClusterUnavailableException, InterruptedException {
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
            return read(curator, options.root(), directories);
        }
    }

    private static ServerListing read(CuratorFramework curator, String root, Collection<String> paths)
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
        Map<String, Map<String, byte[]>> directories = new TreeMap<>();
        for (String path : paths) {
            directories.put(path, children(curator, root + path));
        }
        return new ServerListing(Members.of(members, stock), damaged, directories);
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

    /** Child name to data below each further path that was asked for; empty where there is none. */
    public Map<String, Map<String, byte[]>> directories() {
        return directories;
    }

    /** Server id to what is wrong with its entry. */
    public Map<String, String> damaged() {
        return damaged;
    }
}
