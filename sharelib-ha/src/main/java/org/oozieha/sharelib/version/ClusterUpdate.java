package org.oozieha.sharelib.version;

import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Members;

/**
 * Waits until the servers have taken a published version.
 *
 * <p>Guarantee: answers when every ACTIVE server has loaded it or said why not, and at the given time at the latest. A server that
 * leaves meanwhile is not waited for: it loads the version when it returns. Thread-safe; waits, so never on the event thread.
 */
public final class ClusterUpdate implements ClusterListener {
    private final Cluster cluster;
    private final ShareLibNodes nodes;
    private final LongSupplier nanos;
    private long changes;

    /** @param nanos monotonic clock, nanoseconds */
    public ClusterUpdate(Cluster cluster, ShareLibNodes nodes, LongSupplier nanos) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.nanos = nanos;
    }

    /** Follows the answers from here on. */
    public void start() {
        nodes.onChange(this::changed);
        cluster.listen(this);
    }

    public void stop() {
        cluster.unlisten(this);
        changed();
    }

    @Override
    public void membersChanged(Members before, Members after) {
        changed();
    }

    private synchronized void changed() {
        changes++;
        notifyAll();
    }

    /** The ids of the servers registered now. */
    public Collection<String> registered() {
        Collection<String> ids = new TreeSet<>();
        cluster.members().all().forEach(member -> ids.add(member.id()));
        return ids;
    }

    /** @param before ids of the servers that were registered when the update began */
    public UpdateTable table(ShareLibVersion version, Collection<String> before) {
        Map<String, ServerRecord> records = nodes.watchedRecords();
        return UpdateTable.of(version, cluster.members(), records, before);
    }

    /** @param endNanos by the monotonic clock */
    public UpdateTable await(ShareLibVersion version, Collection<String> before, long endNanos)
            throws InterruptedException {
        while (true) {
            long seen = changes();
            UpdateTable table = table(version, before);
            long left = endNanos - nanos.getAsLong();
            if (table.isSettled() || left <= 0) {
                return table;
            }
            awaitChange(seen, left);
        }
    }

    private synchronized long changes() {
        return changes;
    }

    private synchronized void awaitChange(long seen, long nanosLeft) throws InterruptedException {
        if (changes == seen) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanosLeft, TimeUnit.MILLISECONDS.toNanos(1)));
        }
    }
}
