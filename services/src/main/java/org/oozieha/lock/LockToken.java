package org.oozieha.lock;

import java.util.concurrent.atomic.AtomicBoolean;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue.Mode;

/**
 * Proof that a thread obtained a lock, good only while {@link #stands} answers true.
 *
 * <p>Guarantee: while {@link #stands} is true, no other server has been granted a conflicting claim. On failure: false as soon as the
 * lease has lapsed, and true again only if the same incarnation's lease comes back in time; false for ever once the claim was lost,
 * the token was vetoed or released, or, for an action's lock, the workflow's lock under which it was taken is gone.
 *
 * <p>Thread-safe, except that {@link #release} belongs to the thread that acquired.
 */
public final class LockToken {
    private final KeyLock lock;
    private final Hold hold;
    private final Mode mode;
    private final HeldTokens registry;
    private final AtomicBoolean released = new AtomicBoolean();

    LockToken(KeyLock lock, Hold hold, Mode mode, HeldTokens registry) {
        this.lock = lock;
        this.hold = hold;
        this.mode = mode;
        this.registry = registry;
    }

    public String key() {
        return lock.key();
    }

    /** {@code JOB[id] } if the key is a job's or an action's, so that the job's log shows the line; else the empty text. */
    public String logPrefix() {
        return LockKeys.logPrefix(key());
    }

    /** As it was asked for; a thread that holds WRITE may nest READ. */
    public Mode mode() {
        return mode;
    }

    /** The incarnation of this server in which the claim was made. */
    public Incarnation incarnation() {
        return hold.incarnation;
    }

    public boolean stands() {
        return !released.get() && hold.stands();
    }

    /** True if the token was lost or vetoed, or bound to one that is gone: it can never stand again. */
    public boolean isDead() {
        return hold.isOver();
    }

    /**
     * Gives the lock back; never waits. A token of a lost claim, and one that was released before, is released silently.
     *
     * @throws IllegalMonitorStateException on another thread than the acquiring one; the lock stays held
     */
    public void release() {
        if (released.get()) {
            return;
        }
        if (Thread.currentThread() != hold.thread) {
            throw new IllegalMonitorStateException("Lock " + key() + " was acquired by thread " + hold.thread.getName()
                    + " and cannot be released by thread "
                    + Thread.currentThread().getName());
        }
        if (released.compareAndSet(false, true)) {
            registry.remove(hold.thread, this);
            lock.release(hold);
        }
    }

    void kill() {
        hold.end();
    }

    @Override
    public String toString() {
        return mode + " " + key() + " " + incarnation();
    }
}
