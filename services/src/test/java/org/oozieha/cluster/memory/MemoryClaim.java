package org.oozieha.cluster.memory;

import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;

/** One place in a {@link MemoryEnsemble}'s queue. Its flags belong to the event turn of its owner. */
final class MemoryClaim implements LockQueue.Claim {
    private final MemoryCluster owner;
    private final String key;
    private final LockQueue.Mode mode;
    private final Incarnation incarnation;
    private final LockQueue.ClaimListener listener;
    private long sequence = -1;
    private boolean over;
    private boolean granted;
    private boolean contendedTold;

    MemoryClaim(
            MemoryCluster owner,
            String key,
            LockQueue.Mode mode,
            Incarnation incarnation,
            LockQueue.ClaimListener listener) {
        this.owner = owner;
        this.key = key;
        this.mode = mode;
        this.incarnation = incarnation;
        this.listener = listener;
    }

    MemoryCluster owner() {
        return owner;
    }

    void sequence(long number) {
        sequence = number;
    }

    /** Looks at the queue and tells the listener what is new. Runs in the owner's event turn. */
    void look(MemoryEnsemble ensemble) {
        if (isOver()) {
            return;
        }
        if (!ensemble.isRegistered(incarnation) || sequence >= 0 && !ensemble.isQueued(this)) {
            lose();
            return;
        }
        if (sequence < 0) {
            ensemble.enqueue(this);
        }
        if (!granted && ensemble.isGrantable(this)) {
            if (owner.isMembersViewBehind()) {
                owner.refresh(this);
                return;
            }
            granted = true;
            listener.granted();
        }
        if (granted && !contendedTold && !isOver() && ensemble.isContended(this)) {
            contendedTold = true;
            listener.contended();
        }
    }

    void lose() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        listener.lost();
    }

    private synchronized boolean isOver() {
        return over;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public LockQueue.Mode mode() {
        return mode;
    }

    @Override
    public Incarnation incarnation() {
        return incarnation;
    }

    @Override
    public void release() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        owner.released(this);
    }
}
