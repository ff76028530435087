package org.oozieha.fence;

import java.util.ArrayDeque;
import java.util.Queue;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;

/**
 * Mode {@code database}: a {@link LockQueue} whose grants are told after the departures that made them possible are marked.
 *
 * <p>Guarantee: that of the queue behind it; besides, once a grant is told here, no departed incarnation commits any more. On failure:
 * while nothing can be marked the claim simply waits, and its owner's deadline ends the wait. Callbacks come in order, on the
 * cluster's event thread or on that of {@link DepartureMarks}. Thread-safe.
 */
public final class MarkedLockQueue implements LockQueue {
    private final LockQueue queue;
    private final DepartureMarks marks;

    public MarkedLockQueue(LockQueue queue, DepartureMarks marks) {
        this.queue = queue;
        this.marks = marks;
    }

    @Override
    public Claim enqueue(String key, Mode mode, ClaimListener listener) {
        MarkedClaim claim = new MarkedClaim(listener);
        claim.claim = queue.enqueue(key, mode, claim);
        return claim;
    }

    private final class MarkedClaim implements Claim, ClaimListener {
        private final ClaimListener listener;
        private final Queue<Runnable> calls = new ArrayDeque<>();
        private volatile Claim claim;
        private boolean calling;
        private boolean granted;
        private boolean contended;
        private volatile boolean over;

        private MarkedClaim(ClaimListener listener) {
            this.listener = listener;
        }

        @Override
        public void granted() {
            marks.whenMarked(() -> {
                synchronized (calls) {
                    if (over) {
                        return;
                    }
                    granted = true;
                    calls.add(listener::granted);
                    if (contended) {
                        calls.add(listener::contended);
                    }
                }
                call();
            });
        }

        @Override
        public void contended() {
            synchronized (calls) {
                contended = true;
                if (!granted || over) {
                    return;
                }
                calls.add(listener::contended);
            }
            call();
        }

        @Override
        public void lost() {
            synchronized (calls) {
                if (over) {
                    return;
                }
                over = true;
                calls.add(listener::lost);
            }
            call();
        }

        /** Calls the listener in order, by one thread at a time, and without a monitor: it has its own. */
        private void call() {
            Runnable next = next(true);
            while (next != null) {
                next.run();
                next = next(false);
            }
        }

        private Runnable next(boolean entering) {
            synchronized (calls) {
                if (entering && calling) {
                    return null;
                }
                Runnable next = calls.poll();
                calling = next != null;
                return next;
            }
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
            synchronized (calls) {
                over = true;
                calls.clear();
            }
            claim.release();
        }
    }
}
