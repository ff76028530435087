package org.oozieha.cluster;

/**
 * This server's membership in the cluster: one session, its lease, and what rests on it.
 *
 * <p>Guarantee: all callbacks come in the coordination service's order on one thread. On failure: an outage of any length pauses what
 * needs the service and ends by itself; a session that really ended is followed by a new incarnation. Thread-safe.
 */
public interface Cluster extends AutoCloseable {
    ServerIdentity self();

    Lease lease();

    /** The last listing; stays as it was while the coordination service is away. */
    Members members();

    /**
     * Lists the members anew, after everything that was done in the cluster before this call. Waits; never on the event thread.
     *
     * @throws ClusterUnavailableException if the answer did not come in time
     */
    Members readMembers(long timeoutMs) throws ClusterUnavailableException;

    LockQueue locks();

    /** @param path absolute within the cluster's namespace, e.g. {@code /job_id_sequence} */
    SharedValue value(String path);

    /** The same path gives the same directory. */
    WatchedDirectory directory(String path);

    /** What this server was last announced as. */
    ServerState state();

    /** Announces this server's state to all, in this and later incarnations. Returns at once. */
    void announce(ServerState state);

    void listen(ClusterListener listener);

    void unlisten(ClusterListener listener);

    /** Ends the session, so that everything of this incarnation goes at once. Waits a bounded time; idempotent. */
    @Override
    void close();
}
