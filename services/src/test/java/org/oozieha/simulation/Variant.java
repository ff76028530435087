package org.oozieha.simulation;

import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue;

/** What a simulated server is put together from: production as it is, and the seams where a {@link Mutant} differs from it. */
interface Variant {
    Variant PRODUCTION = new Variant() {};

    /** For locks, partition and, by default, the fence. */
    default Lease lease(Server server, Lease lease) {
        return lease;
    }

    default Lease leaseOfFence(Server server, Lease lease) {
        return lease(server, lease);
    }

    default LockQueue queue(LockQueue queue) {
        return queue;
    }

    /** What the takeover is told. */
    default ClusterListener takeover(Server server, ClusterListener takeover) {
        return takeover;
    }

    default String keyOfForkedAction(String id) {
        return id;
    }

    default void beforeWork(Server server, Entities entities) {}

    /** The question at commit. */
    default void atCommit(Server server, Entities entities) {
        server.fence().require(entities.opening);
    }

    default boolean recoversVetoedJobs() {
        return true;
    }

    default boolean recoversStarts() {
        return true;
    }
}
