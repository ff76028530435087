package org.oozieha.sharelib.version;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.oozieha.cluster.ClaimedLeadership;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** A server with the production classes on a stepped cluster; its worker runs in {@link #work}. */
final class ShareLibServer {
    static final long DAY_MS = 24 * 60 * 60_000L;
    static final long RETENTION_MS = 7 * DAY_MS;

    final MemoryEnsemble ensemble;
    final MemoryCluster cluster;
    final ShareLibNodes nodes;
    final SharedFiles.Source source;
    final Convergence<SharedFiles.FakeContent> convergence;
    final ClusterUpdate update;
    final ClaimedLeadership leadership;
    final Purge purge;
    private final List<Due> tasks = new ArrayList<>();
    private boolean dead;

    /** @param unfinished id to creation time of the actions that have not ended */
    ShareLibServer(MemoryEnsemble ensemble, String id, SharedFiles files, Map<String, Long> unfinished) {
        this.ensemble = ensemble;
        cluster = ensemble.join(id);
        nodes = new ShareLibNodes(cluster);
        source = files.source();
        convergence = new Convergence<>(
                cluster, nodes, source, this::after, () -> ensemble.clock().millis());
        update = new ClusterUpdate(cluster, nodes, () -> ensemble.clock().nanos());
        leadership = new ClaimedLeadership(cluster.locks(), cluster.lease(), "leader");
        cluster.listen(leadership);
        purge = new Purge(
                cluster,
                leadership,
                nodes,
                source,
                until -> unfinished.entrySet().stream()
                        .filter(action -> action.getValue() <= until)
                        .map(Map.Entry::getKey)
                        .findFirst(),
                RETENTION_MS,
                DAY_MS,
                () -> ensemble.clock().millis());
    }

    ShareLibServer start() {
        update.start();
        convergence.start();
        work();
        cluster.announce(ServerState.ACTIVE);
        leadership.stand(true);
        ensemble.settle();
        work();
        return this;
    }

    private void after(long delayMs, Runnable task) {
        tasks.add(new Due(ensemble.clock().nanos() + delayMs * 1_000_000, task));
    }

    /** Runs what is due, and what that makes due. */
    void work() {
        Optional<Due> next = next();
        while (!dead && next.isPresent()) {
            tasks.remove(next.get());
            next.get().task.run();
            ensemble.settle();
            next = next();
        }
    }

    private Optional<Due> next() {
        return tasks.stream()
                .filter(due -> due.atNanos <= ensemble.clock().nanos())
                .min(Comparator.comparingLong(due -> due.atNanos));
    }

    void die() {
        if (!dead) {
            dead = true;
            ensemble.crash(cluster.self().id());
        }
    }

    boolean isDead() {
        return dead;
    }

    String serves() {
        return convergence
                .loaded()
                .map(loaded -> loaded.content().listing().path())
                .orElse("nothing");
    }

    long number() {
        return convergence.loaded().map(loaded -> loaded.version().number()).orElse(0L);
    }

    Map<String, String> table(ShareLibVersion version) {
        return new TreeMap<>(update.table(version, update.registered()).lines());
    }

    private static final class Due {
        private final long atNanos;
        private final Runnable task;

        private Due(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }
    }
}
