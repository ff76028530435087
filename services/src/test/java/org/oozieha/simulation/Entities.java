package org.oozieha.simulation;

import org.oozieha.cluster.Incarnation;
import org.oozieha.fence.Opening;

/** Stands for an EntityManager: when it was opened, for the fence and for the invariants. Immutable. */
final class Entities {
    final Opening opening;
    final Incarnation incarnation;

    private Entities(Opening opening, Incarnation incarnation) {
        this.opening = opening;
        this.incarnation = incarnation;
    }

    static Entities open(Server server) {
        return new Entities(server.fence().open(), server.cluster.lease().incarnation());
    }
}
