package org.oozieha.lock;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.oozieha.cluster.LockQueue.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One key: the threads here that hold it or wait for it, and this server's claim on it.
 *
 * <p>Threads take turns in the order of arrival, readers in front of the queue together. At most one claim exists: it is enqueued when
 * somebody waits and none exists, and released when nobody here wants it any more, when a writer needs more than a READ claim, or after
 * the current holders when another server waits. All state is guarded by {@code monitor}; every entry ends with {@link #leave}, which
 * takes an unused key out of the table.
 */
final class KeyLock {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.lock");
    /** How often a waiter looks again while no event can be counted on: lease lapsed, no claim yet, bound to a parent. */
    private static final long UNSETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String key;
    private final LockContext context;
    private final ConcurrentMap<String, KeyLock> table;
    private final ReentrantLock monitor;
    private final Deque<LockRequest> waiting = new ArrayDeque<>();
    private final Holders holders;
    private final ClaimSlot claim;
    private boolean retired;

    KeyLock(String key, LockContext context, ConcurrentMap<String, KeyLock> table) {
        this.key = key;
        this.context = context;
        this.table = table;
        this.monitor = context.monitors.get();
        this.holders = new Holders(context.counts);
        this.claim = new ClaimSlot(this, context);
    }

    String key() {
        return key;
    }

    /** Takes the monitor, unless this key has left the table: then the caller looks it up again. */
    boolean enter() {
        monitor.lock();
        if (retired) {
            monitor.unlock();
            return false;
        }
        return true;
    }

    void leave() {
        if (claim.isEmpty() && isUnused()) {
            retired = true;
            table.remove(key, this);
        }
        monitor.unlock();
    }

    private boolean isUnused() {
        return holders.isEmpty() && waiting.isEmpty();
    }

    /** Waits for the lock; within enter and leave. Returns null if it was not obtained, and then leaves nothing behind. */
    Hold acquire(LockRequest request) throws InterruptedException {
        Hold mine = holders.of(request.thread);
        if (mine != null) {
            return acquireAgain(mine, request);
        }
        if (request.isTry() && !(waiting.isEmpty() && holders.admit(request.mode))) {
            return null;
        }
        waiting.add(request);
        context.counts.waiting.incrementAndGet();
        boolean obtained = false;
        try {
            advance();
            while (request.hold == null && mayWait(request)) {
                pause(request);
                advance();
            }
            obtained = request.hold != null;
            return request.hold;
        } finally {
            context.counts.waiting.decrementAndGet();
            if (!obtained) {
                abandon(request);
            }
        }
    }

    private Hold acquireAgain(Hold mine, LockRequest request) throws InterruptedException {
        if (request.mode == Mode.WRITE && mine.mode == Mode.READ) {
            return null;
        }
        while (!mine.stands()) {
            if (mine.isOver() || !mayWait(request)) {
                return null;
            }
            request.await(monitor, UNSETTLED_NANOS);
        }
        mine.nested++;
        return mine;
    }

    private boolean mayWait(LockRequest request) {
        return request.remainingNanos() > 0
                && !context.isClosed()
                && request.parentStands()
                && !(request.isTry() && !context.lease.isValid());
    }

    private void pause(LockRequest request) throws InterruptedException {
        boolean settled = !claim.isEmpty() && context.lease.isValid() && !request.isBound();
        request.await(monitor, settled ? SETTLED_NANOS : UNSETTLED_NANOS);
    }

    private void abandon(LockRequest request) {
        waiting.remove(request);
        if (request.hold != null) {
            finish(request.hold);
        } else {
            advance();
        }
        if (isUnused()) {
            claim.drop();
        }
    }

    void release(Hold hold) {
        monitor.lock();
        try {
            finish(hold);
        } finally {
            leave();
        }
    }

    private void finish(Hold hold) {
        if (--hold.nested > 0) {
            return;
        }
        hold.end();
        if (holders.remove(hold)) {
            advance();
            if (isUnused()) {
                claim.unused();
            }
        }
    }

    /** The writer under whose hold an action of this workflow may be locked, or null. */
    Hold standingWriter() {
        monitor.lock();
        try {
            return holders.standingWriter();
        } finally {
            leave();
        }
    }

    /** Runs an event of {@code source}, if that is still the claim, and what follows from it. */
    void changed(ServerClaim source, Runnable event) {
        monitor.lock();
        try {
            if (claim.has(source)) {
                event.run();
                advance();
                claim.reconsider();
            }
        } finally {
            leave();
        }
    }

    void lost(ServerClaim source) {
        monitor.lock();
        try {
            if (claim.has(source)) {
                claim.lost();
                holders.lose().forEach(this::logLoss);
                wakeAll();
            }
        } finally {
            leave();
        }
    }

    private void logLoss(Hold hold) {
        LOG.warn(
                "{}Lock lost: its token stands no more key={} thread={} incarnation={}",
                LockKeys.logPrefix(key),
                key,
                hold.thread.getName(),
                hold.incarnation);
    }

    private void wakeAll() {
        waiting.forEach(LockRequest::wake);
    }

    /** Does whatever the present state allows: give way, enqueue a claim, hand the lock over. */
    private void advance() {
        LockRequest first = waiting.peek();
        if (first != null && holders.isEmpty() && !claim.suits(first.mode)) {
            claim.drop();
            claim.enqueue(first.mode);
        }
        while (first != null && mayHold(first)) {
            waiting.remove();
            first.hold = claim.use(first);
            holders.add(first.hold);
            first.wake();
            first = waiting.peek();
        }
    }

    private boolean mayHold(LockRequest request) {
        return claim.isGranted(request.mode) && holders.admit(request.mode) && request.parentStands();
    }

    void lingerTimer() {
        monitor.lock();
        try {
            claim.lingerTimer();
        } finally {
            leave();
        }
    }

    /** After a change of the table's mode: gives up a lingering claim, lets waiters look again. */
    void reconsider() {
        monitor.lock();
        try {
            claim.reconsider();
            wakeAll();
        } finally {
            leave();
        }
    }
}
