package org.oozieha.simulation;

import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.Members;
import org.oozieha.fence.CommitGate;
import org.oozieha.fence.DepartureMarks;
import org.oozieha.fence.Fence;
import org.oozieha.fence.MarkedLockQueue;

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

    /** Mode database. */
    default LockQueue marked(LockQueue queue, DepartureMarks marks) {
        return new MarkedLockQueue(queue, marks);
    }

    /** Mode database: how the members are read that decide what is marked. */
    default Members members(Cluster cluster, long timeoutMs) throws ClusterUnavailableException {
        return cluster.readMembers(timeoutMs);
    }

    /** Mode database: whether the commit's SELECT is part of its transaction. */
    default boolean locksRows() {
        return true;
    }

    default CommitGate gate(CommitGate gate, Fence fence) {
        return gate;
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
    default void atCommit(Server server, Entities entities, Transaction transaction) {
        server.gate().pass(entities.opening, transaction.entities());
    }

    default boolean recoversVetoedJobs() {
        return true;
    }

    default boolean recoversStarts() {
        return true;
    }
}
