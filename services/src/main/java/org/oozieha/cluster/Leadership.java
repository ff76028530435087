package org.oozieha.cluster;

/**
 * At most one server leads.
 *
 * <p>Guarantee: while {@link #isLeader} answers true here, it answers true nowhere else. On failure: false as soon as the lease has
 * lapsed, also before any event arrives. Thread-safe; never blocks.
 */
public interface Leadership {
    boolean isLeader();

    /** Stands for election, or steps back. A server that is not ACTIVE, or runs beside stock servers, does not stand. */
    void stand(boolean candidate);
}
