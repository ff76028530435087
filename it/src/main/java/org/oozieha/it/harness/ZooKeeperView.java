package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * What ZooKeeper itself says about the Oozie servers of one namespace: who is registered, who holds which locks. Reads
 * only, but for {@link #plant}. Works for stock and pack servers alike, since both register under their instance id with an ephemeral node.
 */
public final class ZooKeeperView implements AutoCloseable {
    private final ZooKeeper client;
    private final String namespace;

    private ZooKeeperView(ZooKeeper client, String namespace) {
        this.client = client;
        this.namespace = "/" + namespace;
    }

    public static ZooKeeperView of(String connectionString, String namespace) {
        try {
            ZooKeeper client = new ZooKeeper(connectionString, 20_000, event -> {});
            Waiting.until("a connection to " + connectionString, Duration.ofSeconds(20), () -> client.getState()
                    .isConnected());
            client.addAuthInfo("digest", ZooKeeperProcess.SUPERUSER.getBytes(StandardCharsets.US_ASCII));
            return new ZooKeeperView(client, namespace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keys each registered server's session has a lock node for and is first in line, by instance id. */
    public Map<String, List<String>> heldLocks() {
        Map<Long, String> serverOf = sessions();
        Map<String, List<String>> held = new TreeMap<>();
        for (String key : children("/locks")) {
            List<String> queue = children("/locks/" + key);
            queue.sort((a, b) -> sequence(a).compareTo(sequence(b)));
            if (!queue.isEmpty()) {
                String server = serverOf.get(owner("/locks/" + key + "/" + queue.get(0)));
                if (server != null) {
                    held.computeIfAbsent(server, s -> new ArrayList<>()).add(key);
                }
            }
        }
        return held;
    }

    /** The instance id of the leader: the pack's if there is one, else stock Oozie's; {@code null} when nobody leads. */
    public String leader() {
        for (String election : Arrays.asList("/locks/oozie-ha-leader", "/services/concurrencyleader")) {
            List<String> candidates = children(election);
            candidates.sort((a, b) -> sequence(a).compareTo(sequence(b)));
            if (!candidates.isEmpty()) {
                return sessions().get(owner(election + "/" + candidates.get(0)));
            }
        }
        return null;
    }

    /** The instance ids of the servers registered now. */
    public List<String> servers() {
        List<String> servers = new ArrayList<>(sessions().values());
        servers.sort(null);
        return servers;
    }

    /** How often a node was written since it was created; -1 when there is none. */
    public int writesOf(String path) {
        Stat stat = stat(path);
        return stat == null ? -1 : stat.getVersion();
    }

    /** How many children a node ever got, counted by what it got and lost: half its child version, rounded up. */
    public long created(String path) {
        Stat stat = stat(path);
        return stat == null ? 0 : (stat.getCversion() + (long) stat.getNumChildren()) / 2;
    }

    /** The direct children of a path below the namespace; none when there is no such node. */
    public List<String> children(String path) {
        try {
            return client.getChildren(namespace + path, false);
        } catch (KeeperException.NoNodeException e) {
            return new ArrayList<>();
        } catch (KeeperException e) {
            throw new IllegalStateException("cannot list " + namespace + path, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The content of a node below the namespace; {@code null} when there is no such node. */
    public byte[] content(String path) {
        try {
            return client.getData(namespace + path, false, null);
        } catch (KeeperException.NoNodeException e) {
            return null;
        } catch (KeeperException e) {
            throw new IllegalStateException("cannot read " + namespace + path, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Puts a state there that takes days to come about; the parent exists. */
    public void plant(String path, byte[] content) {
        String node = namespace + path;
        try {
            if (client.exists(node, false) == null) {
                client.create(node, content, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            } else {
                client.setData(node, content, -1);
            }
        } catch (KeeperException e) {
            throw new IllegalStateException("cannot write " + node, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Every path there is below the namespace now, the namespace's own empty one first, parents before children. */
    public List<String> tree() {
        List<String> paths = new ArrayList<>();
        Deque<String> waiting = new ArrayDeque<>(Collections.singleton(""));
        while (!waiting.isEmpty()) {
            String path = waiting.pop();
            paths.add(path);
            children(path).forEach(child -> waiting.push(path + "/" + child));
        }
        return paths;
    }

    /** Whether there is such a node below the namespace. */
    public boolean exists(String path) {
        return stat(path) != null;
    }

    /** The namespace's path. */
    public String namespace() {
        return namespace;
    }

    private Map<Long, String> sessions() {
        Map<Long, String> serverOf = new HashMap<>();
        for (String parent : Arrays.asList("/services/servers", "/ha/servers")) {
            for (String server : children(parent)) {
                serverOf.put(owner(parent + "/" + server), server);
            }
        }
        serverOf.remove(0L);
        return serverOf;
    }

    private long owner(String path) {
        Stat stat = stat(path);
        return stat == null ? 0 : stat.getEphemeralOwner();
    }

    private Stat stat(String path) {
        try {
            return client.exists(namespace + path, false);
        } catch (KeeperException e) {
            throw new IllegalStateException("cannot look at " + namespace + path, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static String sequence(String node) {
        return node.substring(Math.max(0, node.length() - 10));
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while asking ZooKeeper", e);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
