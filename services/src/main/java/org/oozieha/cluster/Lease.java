package org.oozieha.cluster;

/**
 * This server's own knowledge of how long its session surely lives.
 *
 * <p>Guarantee: while {@link #isValid(Incarnation)} is true, no other server can have been told that this incarnation's session
 * ended; the lease lapses by this server's monotonic clock before anybody can be told, whether or not an event arrives here. It
 * rests on acknowledged writes, never on reads or pings.
 *
 * <p>On failure: a lapsed lease may become valid again with the same incarnation (the connection came back in time), or the
 * incarnation ends and never stands again. All methods may be called from any thread and never block.
 */
public interface Lease {
    /** The incarnation this server lives in, or the last one while no new one has been registered. */
    Incarnation incarnation();

    /** True if {@code incarnation} stands (see {@link #stands}) and its lease has not lapsed. */
    boolean isValid(Incarnation incarnation);

    /** True if {@code incarnation} is the current one and is not known to have ended; its lease may have lapsed. */
    boolean stands(Incarnation incarnation);

    /** Milliseconds until the current lease lapses; zero or less once it has. */
    long remainingMs();

    /** True if this server may act now. */
    default boolean isValid() {
        return isValid(incarnation());
    }
}
