package org.oozieha.simulation;

import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A monitor on whose conditions {@link Strand}s wait: they hand back to the scheduler instead of blocking. */
final class SimulatedMonitor extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    @Override
    public Condition newCondition() {
        return new Turn();
    }

    private final class Turn implements Condition {
        private final Deque<Strand> waiting = new ArrayDeque<>();

        @Override
        public long awaitNanos(long nanos) {
            Strand me = Strand.current();
            waiting.add(me);
            unlock();
            try {
                me.await(Math.max(nanos, 1));
            } finally {
                lock();
                waiting.remove(me);
            }
            return 0;
        }

        @Override
        public void signal() {
            if (!waiting.isEmpty()) {
                waiting.poll().signal();
            }
        }

        @Override
        public void signalAll() {
            while (!waiting.isEmpty()) {
                waiting.poll().signal();
            }
        }

        @Override
        public void await() {
            throw new UnsupportedOperationException("never without a bound");
        }

        @Override
        public void awaitUninterruptibly() {
            throw new UnsupportedOperationException("never without a bound");
        }

        @Override
        public boolean await(long time, TimeUnit unit) {
            throw new UnsupportedOperationException("only awaitNanos is simulated");
        }

        @Override
        public boolean awaitUntil(Date deadline) {
            throw new UnsupportedOperationException("only awaitNanos is simulated");
        }
    }
}
