package org.oozieha.cluster;

/**
 * {@link Leadership} by holding one claim of a {@link LockQueue}.
 *
 * <p>Guarantee and failure: those of the claim and the {@link Lease}. A lost claim is enqueued again in the next incarnation while
 * this server stands for election. Thread-safe.
 */
public final class ClaimedLeadership implements Leadership, ClusterListener {
    private final LockQueue locks;
    private final Lease lease;
    private final String key;
    private boolean candidate;
    private Attempt attempt;

    /** Register the new object with {@link Cluster#listen} to let it stand again in later incarnations. */
    public ClaimedLeadership(LockQueue locks, Lease lease, String key) {
        this.locks = locks;
        this.lease = lease;
        this.key = key;
    }

    @Override
    public synchronized boolean isLeader() {
        return attempt != null && attempt.held && lease.isValid(attempt.claim.incarnation());
    }

    @Override
    public synchronized void stand(boolean wanted) {
        candidate = wanted;
        if (!wanted && attempt != null) {
            attempt.claim.release();
            attempt = null;
        } else if (wanted && attempt == null) {
            enqueue();
        }
    }

    @Override
    public synchronized void leaseValid(Incarnation incarnation) {
        if (candidate && attempt == null) {
            enqueue();
        }
    }

    private void enqueue() {
        Attempt next = new Attempt();
        attempt = next;
        next.claim = locks.enqueue(key, LockQueue.Mode.WRITE, next);
    }

    private final class Attempt implements LockQueue.ClaimListener {
        private LockQueue.Claim claim;
        private boolean held;

        @Override
        public void granted() {
            synchronized (ClaimedLeadership.this) {
                held = true;
            }
        }

        @Override
        public void contended() {
            // a leader does not give way
        }

        @Override
        public void lost() {
            synchronized (ClaimedLeadership.this) {
                if (attempt == this) {
                    attempt = null;
                    if (candidate && lease.isValid()) {
                        enqueue();
                    }
                }
            }
        }
    }
}
