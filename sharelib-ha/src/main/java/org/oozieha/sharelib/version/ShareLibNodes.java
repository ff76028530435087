package org.oozieha.sharelib.version;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Json;
import org.oozieha.cluster.SharedValue;
import org.oozieha.cluster.WatchedDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the sharelib's state is in the cluster.
 *
 * <p>Guarantee: reads see everything written before them; writes are by compare-and-set. On failure: {@link ClusterUnavailableException}
 * within the bound; damaged data is an {@link IllegalStateException} that names the node, or, in listings, skipped and logged once; a
 * damaged purge record is logged and replaced.
 * Thread-safe; waits, so never on the event thread, but for {@link #watchedRecords}, {@link #launchers} and the
 * listeners.
 */
public final class ShareLibNodes {
    /** Children: the published version and the purge record. */
    public static final String ROOT = "/ha/sharelib";
    /** Children: one record for each server. */
    public static final String LOADED = ROOT + "/loaded";
    /** Children: the launcher directories, with their owners. */
    public static final String LAUNCHERS = "/ha/launchers";

    static final String CURRENT = "current";
    private static final String PURGE = "purge";
    private static final long WAIT_MS = 5_000;
    private static final int ATTEMPTS = 10;
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sharelib");

    private final Map<String, Boolean> damaged = new ConcurrentHashMap<>();
    private final Cluster cluster;
    private final WatchedDirectory root;
    private final WatchedDirectory records;
    private final WatchedDirectory launchers;

    public ShareLibNodes(Cluster cluster) {
        this.cluster = cluster;
        this.root = cluster.directory(ROOT);
        this.records = cluster.directory(LOADED);
        this.launchers = cluster.directory(LAUNCHERS);
    }

    /** Runs the listener on the event thread after each change of the published version. */
    void onPublished(Runnable listener) {
        root.onChange(listener);
    }

    /** Runs the listener on the event thread after each change of the published version or of a record. */
    void onChange(Runnable listener) {
        root.onChange(listener);
        records.onChange(listener);
    }

    Stored<ShareLibVersion> current() throws ClusterUnavailableException {
        return read(ROOT + '/' + CURRENT, ShareLibVersion::decode);
    }

    /** As {@link #current}, but a damaged one counts as none, to be replaced. */
    Stored<ShareLibVersion> currentOrDamaged() throws ClusterUnavailableException {
        return readOrDamaged(ROOT + '/' + CURRENT, ShareLibVersion::decode);
    }

    boolean publish(Stored<ShareLibVersion> expected, ShareLibVersion next) throws ClusterUnavailableException {
        return cluster.value(ROOT + '/' + CURRENT).compareAndSet(expected.version(), next.encode(), WAIT_MS);
    }

    /** A damaged one counts as empty: what nobody uses begins its time of retention anew. */
    Stored<PurgeRecord> purge() throws ClusterUnavailableException {
        return readOrDamaged(ROOT + '/' + PURGE, PurgeRecord::decode).or(PurgeRecord.empty());
    }

    /** As it is stored now; null if somebody else was first. */
    Stored<PurgeRecord> replace(Stored<PurgeRecord> expected, PurgeRecord next) throws ClusterUnavailableException {
        byte[] data = next.encode();
        boolean done = cluster.value(ROOT + '/' + PURGE).compareAndSet(expected.version(), data, WAIT_MS);
        SharedValue.Version version =
                SharedValue.Version.of(data, expected.version().number() + 1);
        return done ? Stored.of(version, PurgeRecord::decode) : null;
    }

    /**
     * From here on these directories were used: what was known about them before does not count any more.
     *
     * @return false if somebody else changed the record since it was read
     */
    boolean countAsUsed(Stored<PurgeRecord> seen, Set<String> directories) throws ClusterUnavailableException {
        return Collections.disjoint(seen.value().known(), directories)
                || replace(seen, seen.value().without(directories)) != null;
    }

    Stored<ServerRecord> record(String server) throws ClusterUnavailableException {
        return read(LOADED + '/' + server, ServerRecord::decode);
    }

    /** Writes this server's own record; only it does, so it tries again when a leader removed the last one meanwhile. */
    void write(ServerRecord record) throws ClusterUnavailableException {
        SharedValue value = cluster.value(LOADED + '/' + record.server());
        for (int i = 0; i < ATTEMPTS; i++) {
            if (value.compareAndSet(value.read(WAIT_MS), record.encode(), WAIT_MS)) {
                return;
            }
        }
        throw new IllegalStateException("somebody else goes on writing " + LOADED + '/' + record.server()
                + ": do two servers have the same oozie.instance.id?");
    }

    void remove(Stored<ServerRecord> record) throws ClusterUnavailableException {
        cluster.value(LOADED + '/' + record.value().server()).remove(record.version(), WAIT_MS);
    }

    /** The servers that left a record, as last seen. */
    public Map<String, ServerRecord> watchedRecords() {
        Map<String, ServerRecord> found = new TreeMap<>();
        decode(records.entries()).forEach(found::put);
        return Collections.unmodifiableMap(found);
    }

    /** The readable ones of these records, by server. */
    Map<String, ServerRecord> decode(Map<String, byte[]> entries) {
        Map<String, ServerRecord> found = new TreeMap<>();
        entries.forEach((server, data) -> {
            try {
                found.put(server, ServerRecord.decode(data));
                damaged.remove(server);
            } catch (IllegalArgumentException e) {
                if (damaged.put(server, true) == null) {
                    LOG.warn("A sharelib record is damaged and skipped: server={} {}", server, e.getMessage());
                }
            }
        });
        return found;
    }

    /** Makes a launcher directory known to all. */
    public void addLauncher(String directory, String server, long startedAtMs, long nowMs)
            throws ClusterUnavailableException {
        Map<String, Object> owner = new TreeMap<>();
        owner.put("server", server);
        owner.put("started_at_ms", startedAtMs);
        owner.put("created_at_ms", nowMs);
        SharedValue value = cluster.value(LAUNCHERS + '/' + directory);
        value.compareAndSet(value.read(WAIT_MS), Json.write(owner).getBytes(UTF_8), WAIT_MS);
    }

    /** The launcher directories known to all, as last seen. */
    Set<String> launchers() {
        return new TreeSet<>(launchers.entries().keySet());
    }

    void removeLauncher(String directory) throws ClusterUnavailableException {
        SharedValue value = cluster.value(LAUNCHERS + '/' + directory);
        SharedValue.Version seen = value.read(WAIT_MS);
        if (seen.exists()) {
            value.remove(seen, WAIT_MS);
        }
    }

    private <T> Stored<T> readOrDamaged(String path, Function<byte[], T> decode) throws ClusterUnavailableException {
        SharedValue.Version version = cluster.value(path).read(WAIT_MS);
        try {
            return Stored.of(version, decode);
        } catch (IllegalArgumentException e) {
            LOG.warn("ZooKeeper's {} is damaged and will be replaced: {}", path, e.getMessage());
            return Stored.of(version, data -> null);
        }
    }

    private <T> Stored<T> read(String path, Function<byte[], T> decode) throws ClusterUnavailableException {
        SharedValue.Version version = cluster.value(path).read(WAIT_MS);
        try {
            return Stored.of(version, decode);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("ZooKeeper's " + path + " is damaged: " + e.getMessage(), e);
        }
    }
}
