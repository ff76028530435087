package org.oozieha.it.kerberos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ZooKeeperView;

/** Who has no business in a cluster's part of ZooKeeper, and what they could do there. */
final class Strangers {
    private static final String ALL_REFUSED =
            "read=refused list=refused write=refused create=refused acl=refused delete=refused ";

    private final List<String> lines = new ArrayList<>();
    private final List<String> allowed = new ArrayList<>();
    private final TreeSet<String> kinds = new TreeSet<>();

    private Strangers() {}

    /** A principal that is no server's and an anonymous client try everything on every znode there is. */
    static Strangers visit(Cluster cluster, Realm realm, Duration ticket) throws Exception {
        Strangers strangers = new Strangers();
        String address = cluster.zooKeeper().connectionString();
        try (ZooKeeperView superuser = cluster.zooKeeperView();
                Visitor mallory = Visitor.of(KerberosCluster.STRANGER, realm, ticket, address);
                Visitor anonymous = Visitor.anonymous(address)) {
            for (String path : superuser.tree()) {
                for (Visitor visitor : Arrays.asList(mallory, anonymous)) {
                    strangers.tries(visitor, superuser, path);
                }
            }
        }
        return strangers;
    }

    private void tries(Visitor visitor, ZooKeeperView superuser, String path) throws InterruptedException {
        String outcome = visitor.attempts(superuser.namespace() + path);
        if (!path.isEmpty() && !superuser.exists(path)) {
            // a lock or a server that went meanwhile
            return;
        }
        String line = String.format("%-70s %-18s %s", superuser.namespace() + path, visitor.name(), outcome);
        lines.add(line);
        kinds.add(path.replaceAll("_c_[-0-9a-f]+", "<attempt>")
                .replaceAll("\\d{10}$", "<sequence>")
                .replaceAll("\\d{7}-\\d{15}-oozie-\\w+-W[^/]*", "<job>"));
        // who may delete the namespace's node is said by what is above it, and that is not the pack's: its children
        // keep it
        String own = path.isEmpty() ? outcome.replace("delete=NOTEMPTY", "delete=refused") : outcome;
        if (!own.equals(ALL_REFUSED)) {
            allowed.add(line);
        }
    }

    /** One for each znode and stranger. */
    List<String> lines() {
        return lines;
    }

    /** Those of them in which not everything was refused. */
    List<String> allowed() {
        return allowed;
    }

    /** The znodes' paths, without what is different in each run. */
    TreeSet<String> kinds() {
        return kinds;
    }
}
