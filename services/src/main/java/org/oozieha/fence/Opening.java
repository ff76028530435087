package org.oozieha.fence;

import org.oozieha.cluster.Incarnation;

/** In which incarnation of this server an EntityManager was opened: what its reads may rely on. Immutable. */
public final class Opening {
    private final Incarnation incarnation;
    private final boolean stood;
    private final long nanos;

    /** @param stood false if the incarnation had ended already and its successor was not registered yet */
    Opening(Incarnation incarnation, boolean stood, long nanos) {
        this.incarnation = incarnation;
        this.stood = stood;
        this.nanos = nanos;
    }

    Incarnation incarnation() {
        return incarnation;
    }

    boolean stood() {
        return stood;
    }

    /** On the fence's monotonic clock. */
    long nanos() {
        return nanos;
    }
}
