package org.oozieha.sharelib;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Member;
import org.oozieha.sharelib.version.ServerRecord;
import org.oozieha.sharelib.version.ShareLibNodes;

/** Which version each registered server serves, as last seen. Thread-safe; never waits. */
final class ServerVersions {
    private final Cluster cluster;
    private final ShareLibNodes nodes;

    ServerVersions(Cluster cluster, ShareLibNodes nodes) {
        this.cluster = cluster;
        this.nodes = nodes;
    }

    /** A line for each server, by id. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Member member : cluster.members().all()) {
            ServerRecord record = nodes.watchedRecords().get(member.id());
            lines.add("[" + member.id() + "] " + line(member, record));
        }
        return Collections.unmodifiableList(lines);
    }

    private static String line(Member member, ServerRecord record) {
        if (record == null || !record.isOf(member)) {
            return "has not said what it serves";
        }
        String failed = record.failure().isEmpty() ? "" : "; last attempt failed: " + record.failure();
        return (record.number() == 0 ? "serves none" : "version " + record.number() + " " + record.path()) + failed;
    }
}
