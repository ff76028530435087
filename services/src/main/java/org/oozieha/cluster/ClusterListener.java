package org.oozieha.cluster;

/**
 * Told about this server's session and the other servers, in order, on the cluster's event thread: never block, never throw.
 */
public interface ClusterListener {
    /** A new listing of the members differs from the last one. Departures are {@code after.departedSince(before)}. */
    default void membersChanged(Members before, Members after) {}

    /** The lease became valid: the first time, in a new incarnation, or again after it had lapsed. */
    default void leaseValid(Incarnation incarnation) {}

    /** The lease was found lapsed. It may have lapsed earlier: decide by {@link Lease}, not by this call. */
    default void leaseLapsed(Incarnation incarnation) {}

    /** The incarnation has ended: its locks and leadership are gone. A new one follows as soon as it can be registered. */
    default void incarnationEnded(Incarnation incarnation) {}
}
