package org.oozieha.lock;

import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.LockQueue.Mode;

/** This server's place in the cluster's queue for one key. All state is guarded by the key's monitor. */
final class ServerClaim implements LockQueue.ClaimListener {
    private final KeyLock lock;
    private final Mode mode;
    private LockQueue.Claim claim;
    private boolean granted;
    private boolean contended;
    private boolean used;

    ServerClaim(KeyLock lock, Mode mode) {
        this.lock = lock;
        this.mode = mode;
    }

    void enqueue(LockQueue queue) {
        claim = queue.enqueue(lock.key(), mode, this);
    }

    boolean isGranted() {
        return granted && claim != null;
    }

    boolean wasGranted() {
        return granted;
    }

    boolean isContended() {
        return contended;
    }

    Incarnation incarnation() {
        return claim.incarnation();
    }

    /** True if a thread that wants {@code wanted} may go on with this claim instead of queueing behind other servers. */
    boolean suits(Mode wanted) {
        return (mode == Mode.WRITE || wanted == Mode.READ) && !(contended && used);
    }

    void use() {
        used = true;
    }

    void release() {
        if (claim != null) {
            claim.release();
        }
    }

    @Override
    public void granted() {
        lock.changed(this, () -> granted = true);
    }

    @Override
    public void contended() {
        lock.changed(this, () -> contended = true);
    }

    @Override
    public void lost() {
        lock.lost(this);
    }
}
