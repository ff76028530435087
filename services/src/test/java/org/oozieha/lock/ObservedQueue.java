package org.oozieha.lock;

import java.util.concurrent.atomic.AtomicInteger;
import org.oozieha.cluster.LockQueue;

/** Counts what a server asks of its queue, and what it has been told. */
final class ObservedQueue implements LockQueue {
    final AtomicInteger enqueued = new AtomicInteger();
    final AtomicInteger contended = new AtomicInteger();
    private final LockQueue queue;

    ObservedQueue(LockQueue queue) {
        this.queue = queue;
    }

    @Override
    public Claim enqueue(String key, Mode mode, ClaimListener listener) {
        enqueued.incrementAndGet();
        return queue.enqueue(key, mode, new ClaimListener() {
            @Override
            public void granted() {
                listener.granted();
            }

            @Override
            public void contended() {
                listener.contended();
                contended.incrementAndGet();
            }

            @Override
            public void lost() {
                listener.lost();
            }
        });
    }
}
