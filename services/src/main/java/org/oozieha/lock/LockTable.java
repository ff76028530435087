package org.oozieha.lock;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.LockQueue.Mode;

/**
 * All locks of this server's threads.
 *
 * <p>Guarantee: a key is held by one writer or by several readers in the whole cluster; reentrant and counted per thread; fair between
 * the threads here and, as other servers wait, between servers. A released lock lingers: this server keeps its claim for a while,
 * or until another server asks, so that locking it again needs nobody else.
 *
 * <p>On failure: nothing is thrown for a lock that was not obtained. While the lease has lapsed nothing new is granted; a wait goes on
 * until its own deadline. A claim that was lost ends its tokens for good, and a thread that still has such a token gets no lock at all
 * until it has released it: what it would do could not be committed. A wait that ends without the lock leaves no claim behind.
 *
 * <p>Keys: {@code <workflow>-W@<action>} is granted only while a writer of {@code <workflow>-W} stands in this JVM, and ends with it;
 * source: stock Oozie starts forked actions on other threads than the one that holds the workflow. Class names and {@code sla_*} do
 * not linger. Thread-safe.
 */
public final class LockTable implements AutoCloseable {
    private final LockContext context;
    private final ConcurrentMap<String, KeyLock> keys = new ConcurrentHashMap<>();
    private final HeldTokens tokens = new HeldTokens();

    /**
     * @param timer ends lingering; one thread is enough, the caller stops it after {@link #close}
     * @param nanoClock monotonic, nanoseconds
     * @param lingerMs how long a released lock lingers, milliseconds; 0 for never
     */
    public LockTable(
            LockQueue queue, Lease lease, ScheduledExecutorService timer, LongSupplier nanoClock, long lingerMs) {
        this(queue, lease, timer, nanoClock, lingerMs, ReentrantLock::new);
    }

    /** @param monitors makes each key's monitor: threads wait only on its conditions, so a simulation can decide when they go on */
    public LockTable(
            LockQueue queue,
            Lease lease,
            ScheduledExecutorService timer,
            LongSupplier nanoClock,
            long lingerMs,
            Supplier<ReentrantLock> monitors) {
        this.context = new LockContext(queue, lease, timer, nanoClock, lingerMs, monitors);
    }

    /**
     * Locks {@code key} for the current thread.
     *
     * @param waitMs longest wait in milliseconds; 0 tries, waiting at most half a second for the cluster's answer and never for a
     *     thread of this server; negative waits until granted, interrupted or closed
     * @return the token, to be released on this thread; empty if the lock was not obtained, at once if it cannot be: a reader that asks
     *     to write, an action whose workflow is not locked here, a thread with a dead token
     * @throws IllegalArgumentException if the key is empty or has a slash
     * @throws InterruptedException if the thread is interrupted; it then holds no more than before
     */
    public Optional<LockToken> acquire(String key, Mode mode, long waitMs) throws InterruptedException {
        Objects.requireNonNull(mode, "mode");
        if (key.isEmpty() || key.indexOf('/') >= 0) {
            throw new IllegalArgumentException("A lock's key must be a text without a slash: '" + key + "'");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Thread thread = Thread.currentThread();
        if (context.isClosed() || tokens.anyDead(thread)) {
            return Optional.empty();
        }
        Hold parent = null;
        Optional<String> parentKey = LockKeys.parentOf(key);
        if (parentKey.isPresent()) {
            parent = standingWriter(parentKey.get());
            if (parent == null) {
                return Optional.empty();
            }
        }
        return acquire(key, new LockRequest(thread, mode, waitMs, context.nanoClock, parent));
    }

    private Optional<LockToken> acquire(String key, LockRequest request) throws InterruptedException {
        KeyLock lock = keys.computeIfAbsent(key, this::newLock);
        while (!lock.enter()) {
            lock = keys.computeIfAbsent(key, this::newLock);
        }
        try {
            Hold hold = lock.acquire(request);
            if (hold == null) {
                return Optional.empty();
            }
            LockToken token = new LockToken(lock, hold, request.mode, tokens);
            tokens.add(request.thread, token);
            return Optional.of(token);
        } finally {
            lock.leave();
        }
    }

    private KeyLock newLock(String key) {
        return new KeyLock(key, context, keys);
    }

    private Hold standingWriter(String key) {
        KeyLock lock = keys.get(key);
        return lock == null ? null : lock.standingWriter();
    }

    /** The tokens {@code thread} has acquired and not released, dead ones included, oldest first. */
    public List<LockToken> tokensOf(Thread thread) {
        return tokens.of(thread);
    }

    /**
     * Ends all tokens of {@code thread} for good: a veto is final. Until it has released them it gets no lock. Other threads and servers
     * get the locks only when they are released.
     */
    public void killAll(Thread thread) {
        tokens.of(thread).forEach(LockToken::kill);
    }

    /** Gives up all lingering locks at once and lets none linger until {@link #resumeLingering}: before a drain or a stop. */
    public void dropLingering() {
        context.setLingering(false);
        keys.values().forEach(KeyLock::reconsider);
    }

    public void resumeLingering() {
        context.setLingering(true);
    }

    /** To be registered with the cluster: no lock lingers while the server of this id, this one, is announced as draining. */
    public ClusterListener drainListener(String serverId) {
        return new DrainListener(this, serverId);
    }

    /** Ends all waits without the lock, and refuses new ones. Locks that are held stay so until they are released. Idempotent. */
    @Override
    public void close() {
        context.close();
        keys.values().forEach(KeyLock::reconsider);
    }

    /** Locks held by threads of this server; a nested one counts once. */
    public int held() {
        return context.counts.held.get();
    }

    /** Threads of this server that wait. */
    public int waiting() {
        return context.counts.waiting.get();
    }

    /** Keys that nobody here holds but whose claim this server keeps. */
    public int lingering() {
        return context.counts.lingering.get();
    }

    /** Held locks whose claim was lost, since the start. */
    public long lost() {
        return context.counts.lost.get();
    }

    /** Keys this server knows at the moment: held, awaited or lingering. */
    public int size() {
        return keys.size();
    }
}
