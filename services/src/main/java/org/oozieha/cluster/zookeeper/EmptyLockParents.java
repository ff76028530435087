package org.oozieha.cluster.zookeeper;

import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what stock's locks leave behind: empty persistent parents below {@code /locks}. Ours are containers, which ZooKeeper removes
 * by itself, and which a client cannot tell from persistent ones: one that is empty just goes a little earlier.
 *
 * <p>A delete of a parent that is not empty is refused by ZooKeeper, and who locks next makes it anew, so no lock can be harmed. One at
 * a time, so that it never is a load. Loop only.
 */
final class EmptyLockParents {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.lock");

    private boolean running;
    private int removed;

    void clean(ZkHandle handle) {
        if (running) {
            return;
        }
        running = true;
        removed = 0;
        handle.getChildren(Paths.LOCKS, false).whenComplete(EventLoop.logged((keys, failure) -> {
            if (failure == null) {
                next(handle, keys, 0);
            } else {
                running = false;
            }
        }));
    }

    private void next(ZkHandle handle, List<String> keys, int at) {
        if (at == keys.size()) {
            running = false;
            if (removed > 0) {
                LOG.info("Empty lock parents of stock servers removed: count={}", removed);
            }
            return;
        }
        String path = Paths.lock(keys.get(at));
        handle.exists(path, false).whenComplete(EventLoop.logged((stat, failure) -> {
            if (failure == null && stat.getNumChildren() == 0) {
                handle.delete(path).whenComplete(EventLoop.logged((done, refused) -> {
                    removed += refused == null ? 1 : 0;
                    goOn(handle, keys, at, refused);
                }));
            } else {
                goOn(handle, keys, at, failure);
            }
        }));
    }

    private void goOn(ZkHandle handle, List<String> keys, int at, Throwable failure) {
        Code code = Failures.code(failure);
        if (code == Code.OK || code == Code.NONODE || code == Code.NOTEMPTY) {
            next(handle, keys, at + 1);
        } else {
            running = false;
        }
    }
}
