package org.oozieha.sharelib.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** Servers on one stepped cluster and one file system. */
final class ShareLibServers {
    final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    final SharedFiles files = new SharedFiles();
    final Map<String, Long> unfinished = new TreeMap<>();
    final Map<String, ShareLibServer> byId = new TreeMap<>();

    ShareLibServers() {
        setDay(1000);
    }

    ShareLibServer start(String id) {
        return start(new ShareLibServer(ensemble, id, files, unfinished));
    }

    /** A server of this cluster whose view of the files may have been changed before. */
    ShareLibServer start(ShareLibServer server) {
        byId.put(server.cluster.self().id(), server);
        server.start();
        settle();
        return server;
    }

    List<ShareLibServer> start(String... ids) {
        List<ShareLibServer> started = new ArrayList<>();
        for (String id : ids) {
            started.add(start(id));
        }
        return started;
    }

    /** Everybody does what is due now. */
    void settle() {
        for (int i = 0; i < 3; i++) {
            ensemble.settle();
            byId.values().forEach(ShareLibServer::work);
        }
    }

    void advance(long ms) {
        for (long passed = 0; passed < ms; passed += 500) {
            ensemble.advance(500);
            settle();
        }
    }

    /** Steps every server's wall clock; the clocks that leases go by stand still. */
    void setDay(int day) {
        ensemble.clock()
                .stepWallMs(day * ShareLibServer.DAY_MS - ensemble.clock().millis());
    }

    void passDays(double days) {
        ensemble.clock().stepWallMs((long) (days * ShareLibServer.DAY_MS));
    }

    /** Purge passes, an hour apart, on all servers; those that do not lead do nothing. */
    void purgeFor(int hours) {
        for (int i = 0; i < hours; i++) {
            byId.values().stream().filter(server -> !server.isDead()).forEach(server -> server.purge.run());
            passDays(1 / 24.0);
            settle();
        }
    }
}
