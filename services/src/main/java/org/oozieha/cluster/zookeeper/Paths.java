package org.oozieha.cluster.zookeeper;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The layout within the namespace. */
final class Paths {
    static final String FORMAT = "/ha/format";
    static final String SERVERS = "/ha/servers";
    static final String HEARTBEATS = "/ha/heartbeats";
    static final String INCARNATIONS = "/ha/incarnations";
    static final String LOCKS = "/locks";
    static final String STOCK_SERVERS = "/services/servers";

    /** Persistent parents, each after its own parent; the empty one is the namespace node. */
    static final List<String> PARENTS =
            Collections.unmodifiableList(Arrays.asList("", "/ha", SERVERS, HEARTBEATS, INCARNATIONS, LOCKS));

    private Paths() {}

    static String server(String id) {
        return SERVERS + '/' + id;
    }

    static String heartbeat(String id) {
        return HEARTBEATS + '/' + id;
    }

    static String incarnation(String id) {
        return INCARNATIONS + '/' + id;
    }

    static String lock(String key) {
        return LOCKS + '/' + key;
    }

    static boolean isBelowOrAt(String path, String parent) {
        return path.equals(parent) || path.startsWith(parent + '/');
    }
}
