package org.oozieha.takeover;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;
import org.oozieha.partition.Partition;

/** A server with production takeover classes over a set of job ids all servers share. */
final class TakeoverServer {
    final MemoryCluster cluster;
    final SteppedTimer timer;
    final Partition partition;
    final Takeovers takeovers;
    final List<String> queued = new ArrayList<>();
    final List<TakeoverRecord> records = new ArrayList<>();
    int room = Integer.MAX_VALUE;
    int failures;

    /** Work that is not urgent. */
    final Set<String> unhurried = new TreeSet<>();

    /** Work that only its own scan finds. */
    final Set<String> overlooked = new TreeSet<>();

    TakeoverServer(MemoryEnsemble ensemble, String id, Set<String> inFlight, int batchSize) {
        cluster = ensemble.join(id);
        timer = new SteppedTimer(ensemble);
        partition = new Partition(cluster::members, cluster.lease(), id);
        takeovers = new Takeovers(
                cluster,
                partition,
                new TakeoverSettings(
                                Arrays.asList(new JobsScan(inFlight), new Unhurried(unhurried)),
                                (entries, urgent) -> queued.size() + entries <= (urgent ? room : room / 2),
                                timer,
                                () -> ensemble.clock().nanos(),
                                () -> ensemble.clock().millis(),
                                batchSize)
                        .alsoEachMinute(Arrays.asList(new JobsScan(overlooked))),
                records::add);
    }

    TakeoverServer active() {
        takeovers.start();
        cluster.announce(ServerState.ACTIVE);
        return this;
    }

    void forget() {
        queued.clear();
        records.clear();
    }

    private final class Unhurried extends JobsScan {
        private Unhurried(Set<String> inFlight) {
            super(inFlight);
        }

        @Override
        public boolean isUrgent() {
            return false;
        }
    }

    private class JobsScan implements Scan {
        private final Set<String> inFlight;

        private JobsScan(Set<String> inFlight) {
            this.inFlight = inFlight;
        }

        @Override
        public String name() {
            return "jobs";
        }

        @Override
        public Page page(String after, int limit, Set<String> jobs) {
            if (failures > 0) {
                failures--;
                throw new IllegalStateException("database away");
            }
            List<Pickup> found = new ArrayList<>();
            String last = null;
            for (String id : new TreeSet<>(inFlight).tailSet(after, false)) {
                if (jobs.isEmpty() || jobs.contains(TakeoverRun.jobOf(id))) {
                    if (found.size() == limit) {
                        return Page.of(found, last);
                    }
                    found.add(new JobPickup(id));
                    last = id;
                }
            }
            return Page.last(found);
        }
    }

    private final class JobPickup implements Pickup {
        private final String id;

        private JobPickup(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public boolean queue() {
            if (id.startsWith("other-version")) {
                throw new NoSuchMethodError("its command: " + id);
            }
            if (id.startsWith("broken")) {
                throw new IllegalStateException("cannot be read: " + id);
            }
            return queued.add(id);
        }
    }
}
