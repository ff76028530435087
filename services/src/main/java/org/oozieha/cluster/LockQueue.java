package org.oozieha.cluster;

/**
 * Queues this server, not its threads, for named locks.
 *
 * <p>Guarantee: claims on one key are granted in the order in which they were enqueued in the cluster; a WRITE claim is granted
 * alone, READ claims together; claims of different servers and several claims of one server follow the same rule. A grant is told
 * only after this server's view of the members shows every departure that made the grant possible.
 *
 * <p>On failure: a claim that can no longer be, or become, granted is told {@code lost} exactly once, e.g. when the session ended
 * or its node vanished. While the coordination service is away a claim simply waits. A granted claim is good only while
 * {@link Lease#isValid(Incarnation)} holds for {@link Claim#incarnation()}: ask that at each use. Thread-safe; nothing blocks.
 */
public interface LockQueue {
    /** How a key is to be held. */
    enum Mode {
        READ,
        WRITE
    }

    /**
     * Queues for {@code key}. Returns at once; what becomes of the claim is told to {@code listener}.
     *
     * @param key any non-empty text without a slash
     */
    Claim enqueue(String key, Mode mode, ClaimListener listener);

    /** One place in one key's queue. */
    interface Claim {
        String key();

        Mode mode();

        /** The incarnation in which the claim was made; it dies with it. */
        Incarnation incarnation();

        /**
         * Gives the place up, granted or not. Returns at once; the node is removed in the background, repeatedly until it is gone or
         * the session ended. No callback follows. Idempotent.
         */
        void release();
    }

    /** Told about one claim, in order, on the cluster's event thread: never block, never throw. */
    interface ClaimListener {
        /** The claim is held now. At most once, never after {@link #lost}. */
        void granted();

        /** Somebody waits behind the granted claim. After {@link #granted}; may be told more than once. */
        void contended();

        /** The claim is gone, whether it had been granted or not. Once, and the last call. */
        void lost();
    }
}
