package org.oozieha.simulation;

import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;

/** A queue whose claims behave as the right one's do; a mutation overrides what it gets wrong. */
class QueueMutation implements LockQueue {
    private final LockQueue right;

    QueueMutation(LockQueue right) {
        this.right = right;
    }

    @Override
    public Claim enqueue(String key, Mode mode, ClaimListener listener) {
        Place place = new Place(listener);
        place.claim = right.enqueue(key, mode, place);
        return place;
    }

    void contended(ClaimListener listener) {
        listener.contended();
    }

    void release(Claim claim, boolean granted) {
        claim.release();
    }

    private final class Place implements Claim, ClaimListener {
        private final ClaimListener listener;
        private Claim claim;
        private boolean granted;

        private Place(ClaimListener listener) {
            this.listener = listener;
        }

        @Override
        public void granted() {
            granted = true;
            listener.granted();
        }

        @Override
        public void contended() {
            QueueMutation.this.contended(listener);
        }

        @Override
        public void lost() {
            listener.lost();
        }

        @Override
        public String key() {
            return claim.key();
        }

        @Override
        public Mode mode() {
            return claim.mode();
        }

        @Override
        public Incarnation incarnation() {
            return claim.incarnation();
        }

        @Override
        public void release() {
            QueueMutation.this.release(claim, granted);
        }
    }
}
