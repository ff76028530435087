package org.oozieha.cluster.zookeeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes lock nodes away that are not wanted any more, over as many connections as it takes: until each is gone or its session ended. A
 * node whose create was not answered is looked for by its unique name. Loop only.
 */
final class LockNodeRemoval {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.lock");

    private final LockConnection connection;
    private final Set<String> paths = new HashSet<>();
    /** Attempts whose create may have been done, with their keys. */
    private final Map<String, String> attempts = new HashMap<>();

    LockNodeRemoval(LockConnection connection) {
        this.connection = connection;
    }

    void node(String path) {
        if (paths.add(path)) {
            remove(path);
        }
    }

    /** Whatever nodes a claim may have made whose last create was not answered. */
    void attempt(String key, String attempt) {
        attempts.put(attempt, key);
        find(key, attempt);
    }

    /** There is a connection again. */
    void resume() {
        new ArrayList<>(paths).forEach(this::remove);
        new HashMap<>(attempts).forEach((attempt, key) -> find(key, attempt));
    }

    /** The session has ended, and all its nodes with it. */
    void forget() {
        paths.clear();
        attempts.clear();
    }

    private void remove(String path) {
        if (!connection.isThere()) {
            return;
        }
        int sentOver = connection.number();
        connection.handle().delete(path).whenComplete(EventLoop.logged((nothing, failure) -> {
            Code code = Failures.code(failure);
            if (Failures.isConnection(code)) {
                if (sentOver != connection.number() && paths.contains(path)) {
                    remove(path);
                }
            } else if (code == Code.OK || code == Code.NONODE) {
                paths.remove(path);
            } else {
                LOG.error("A lock node could not be removed, trying again: path={} reason={}", path, code, failure);
                connection.later(() -> remove(path));
            }
        }));
    }

    private void find(String key, String attempt) {
        connection.listSynced(key, children -> {
            if (attempts.remove(attempt) != null) {
                children.stream()
                        .filter(child -> child.startsWith(attempt))
                        .forEach(child -> node(Paths.lock(key) + '/' + child));
            }
        });
    }
}
