package org.oozieha.lock;

import java.util.concurrent.TimeUnit;
import org.oozieha.cluster.LockQueue.Mode;

/** Room for this server's only claim on one key, and for how long it is kept unused. Guarded by the key's monitor. */
final class ClaimSlot {
    /** After a claim was lost while it waited: keeps a dying session from being asked over and over. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final KeyLock lock;
    private final LockContext context;
    private final Linger linger;
    private ServerClaim claim;
    private boolean paused;
    private long pauseEndNanos;

    ClaimSlot(KeyLock lock, LockContext context) {
        this.lock = lock;
        this.context = context;
        this.linger = new Linger(context, lock::lingerTimer);
    }

    boolean isEmpty() {
        return claim == null;
    }

    boolean has(ServerClaim candidate) {
        return claim == candidate;
    }

    boolean suits(Mode mode) {
        return claim != null && claim.suits(mode);
    }

    /** True if a thread may hold the key in this mode by the claim. */
    boolean isGranted(Mode mode) {
        return suits(mode) && claim.isGranted() && context.lease.isValid(claim.incarnation());
    }

    /** Queues this server, unless the lease has lapsed or it is too early after a loss. */
    void enqueue(Mode mode) {
        boolean tooEarly = paused && context.nanoClock.getAsLong() - pauseEndNanos < 0;
        if (context.lease.isValid() && !tooEarly && !context.isClosed()) {
            paused = false;
            ServerClaim next = new ServerClaim(lock, mode);
            claim = next;
            next.enqueue(context.queue);
        }
    }

    Hold use(LockRequest request) {
        linger.end();
        claim.use();
        return new Hold(request.thread, request.mode, claim.incarnation(), context.lease, request.parent);
    }

    void lost() {
        linger.end();
        paused = !claim.wasGranted();
        pauseEndNanos = context.nanoClock.getAsLong() + PAUSE_NANOS;
        claim = null;
    }

    void drop() {
        linger.end();
        if (claim != null) {
            ServerClaim dropped = claim;
            claim = null;
            dropped.release();
        }
    }

    /** Nobody here holds or wants the key any more. */
    void unused() {
        boolean kept = claim != null && !claim.isContended() && context.mayLinger(lock.key()) && linger.start();
        if (!kept) {
            drop();
        }
    }

    void lingerTimer() {
        if (linger.timerFired()) {
            drop();
        }
    }

    /** Gives up a claim that only lingers, if it is wanted elsewhere or may not linger any more. */
    void reconsider() {
        if (linger.isOn() && (claim.isContended() || !context.mayLinger(lock.key()))) {
            drop();
        }
    }
}
