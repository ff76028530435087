package org.oozieha.lock;

import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue.Mode;

/**
 * One thread's possession of one key, shared by the thread's nested tokens.
 *
 * <p>Ends for good by its last release, by the loss of the claim or by a veto. {@code nested} is guarded by the key's monitor; the rest
 * may be asked from any thread.
 */
final class Hold {
    final Thread thread;
    final Mode mode;
    final Incarnation incarnation;
    int nested = 1;
    private final Lease lease;
    private final Hold parent;
    private volatile boolean ended;

    /** @param parent the hold without which this one is worth nothing, or null */
    Hold(Thread thread, Mode mode, Incarnation incarnation, Lease lease, Hold parent) {
        this.thread = thread;
        this.mode = mode;
        this.incarnation = incarnation;
        this.lease = lease;
        this.parent = parent;
    }

    /** True if this hold, and what it is bound to, has not ended and the lease is valid. */
    boolean stands() {
        return !ended && lease.isValid(incarnation) && (parent == null || parent.stands());
    }

    /** True if this hold can never stand again. */
    boolean isOver() {
        return ended || (parent != null && parent.isOver());
    }

    void end() {
        ended = true;
    }
}
