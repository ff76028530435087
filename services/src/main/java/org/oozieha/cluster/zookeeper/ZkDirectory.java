package org.oozieha.cluster.zookeeper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.KeeperException.Code;
import org.oozieha.cluster.WatchedDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link WatchedDirectory} by one-time watches, re-read as a whole. Loop only, but for the reading methods. */
final class ZkDirectory implements WatchedDirectory {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");

    private final String path;
    private final boolean passesOver;
    private final Set<String> passedOver = new TreeSet<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, byte[]> entries = Collections.emptyMap();
    private ZkHandle handle;
    private int readings;

    /** One of ours, of which every child can be read: the last listing stays where one cannot. */
    ZkDirectory(String path) {
        this(path, false);
    }

    private ZkDirectory(String path, boolean passesOver) {
        this.path = path;
        this.passesOver = passesOver;
    }

    /** One that others write: a child that may not be read is passed over. */
    static ZkDirectory ofOthers(String path) {
        return new ZkDirectory(path, true);
    }

    void attach(ZkHandle newHandle) {
        handle = newHandle;
        refresh();
    }

    void detach() {
        handle = null;
    }

    void changed(String changedPath) {
        if (Paths.isBelowOrAt(changedPath, path)) {
            refresh();
        }
    }

    /** Looks again for what may not be read: ZooKeeper tells nobody of a change of rights. */
    void refreshIfIncomplete() {
        if (!passedOver.isEmpty()) {
            refresh();
        }
    }

    private void refresh() {
        ZkHandle reader = handle;
        if (reader == null) {
            return;
        }
        int reading = ++readings;
        reader.getChildren(path, true).whenComplete(EventLoop.logged((children, failure) -> {
            Code code = Failures.code(failure);
            if (reader != handle || reading != readings) {
                return;
            }
            if (code == Code.OK) {
                read(reader, reading, children);
            } else if (code == Code.NONODE) {
                reader.exists(path, true).whenComplete(EventLoop.logged((stat, missing) -> {
                    if (missing == null && reader == handle && reading == readings) {
                        refresh();
                    }
                }));
                publish(Collections.emptyMap());
            } else if (!Failures.isConnection(code)) {
                LOG.error("A directory cannot be read: path={} reason={}", path, code, failure);
            }
        }));
    }

    private void read(ZkHandle reader, int reading, List<String> children) {
        passedOver.retainAll(children);
        Map<String, byte[]> found = new TreeMap<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (String child : children) {
            all.add(readChild(reader, child, found));
        }
        CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]))
                .whenComplete(EventLoop.logged((nothing, failure) -> {
                    if (reader != handle || reading != readings) {
                        return;
                    }
                    Code code = Failures.code(failure);
                    if (code == Code.OK) {
                        publish(found);
                    } else if (code == Code.NONODE) {
                        refresh();
                    } else if (!Failures.isConnection(code)) {
                        LOG.error("A directory cannot be read: path={} reason={}", path, code, failure);
                    }
                }));
    }

    private CompletableFuture<Void> readChild(ZkHandle reader, String child, Map<String, byte[]> found) {
        return reader.getData(path + '/' + child, true).handle((node, failure) -> {
            if (failure == null) {
                found.put(child, node.data());
                passedOver.remove(child);
            } else if (passesOver && Failures.code(failure) == Code.NOAUTH) {
                passOver(child);
            } else {
                throw new CompletionException(Failures.cause(failure));
            }
            return null;
        });
    }

    private void passOver(String child) {
        if (passedOver.add(child)) {
            LOG.warn(
                    "Passed over until this server's login may read it: path={}/{}; let it read, or delete the znode",
                    path,
                    child);
        }
    }

    private void publish(Map<String, byte[]> found) {
        Map<String, byte[]> before = entries;
        entries = Collections.unmodifiableMap(found);
        boolean same = before.keySet().equals(found.keySet())
                && found.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), before.get(e.getKey())));
        if (!same) {
            listeners.forEach(EventLoop::call);
        }
    }

    @Override
    public Map<String, byte[]> entries() {
        return entries;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
