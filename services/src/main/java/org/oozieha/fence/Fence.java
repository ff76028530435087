package org.oozieha.fence;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;
import org.oozieha.lock.LockTable;
import org.oozieha.lock.LockToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * May this thread commit?
 *
 * <p>Guarantee: a thread with lock tokens may only while all of them stand, and so the lease is valid; a thread without may only while
 * the incarnation in which its EntityManager was opened stands. So a start request is taken during an outage of the coordination
 * service, and no command commits under a lock that somebody else may have.
 *
 * <p>On failure: a lapsed lease is waited for, a bounded time and by a bounded number of threads, until it is known whether the session
 * survived; then, and in all other cases at once, the veto. A veto is final: it ends all tokens of the thread, so that nothing else it
 * writes passes until it has released them. Thread-safe. Source: design decision 7.
 */
public final class Fence {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.fence");
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Lease lease;
    private final Optional<LockTable> locks;
    private final long waitNanos;
    private final Semaphore waiters;
    private final LongSupplier nanoClock;
    private final LongConsumer pause;
    private final AtomicLong vetoed = new AtomicLong();
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param locks the locks of this server's threads; empty if they are not the pack's
     * @param waitMs how long a commit may wait for a lapsed lease, milliseconds
     * @param waiters how many commits may wait at a time: each keeps a database connection
     * @param nanoClock monotonic, nanoseconds
     */
    public Fence(Lease lease, Optional<LockTable> locks, long waitMs, int waiters, LongSupplier nanoClock) {
        this(lease, locks, waitMs, waiters, nanoClock, LockSupport::parkNanos);
    }

    /** @param pause lets the current thread wait that many nanoseconds; a simulation's own */
    public Fence(
            Lease lease,
            Optional<LockTable> locks,
            long waitMs,
            int waiters,
            LongSupplier nanoClock,
            LongConsumer pause) {
        this.lease = Objects.requireNonNull(lease, "lease");
        this.locks = Objects.requireNonNull(locks, "locks");
        this.waitNanos = TimeUnit.MILLISECONDS.toNanos(waitMs);
        this.waiters = new Semaphore(waiters);
        this.nanoClock = nanoClock;
        this.pause = pause;
    }

    /** To be asked when an EntityManager is opened, and kept until it is closed. */
    public Opening open() {
        Incarnation incarnation = lease.incarnation();
        return new Opening(incarnation, lease.stands(incarnation), nanoClock.getAsLong());
    }

    /** The answer for the current thread at this moment; does not wait and changes nothing. */
    public Verdict verdict(Opening opening) {
        List<LockToken> tokens = tokens();
        return tokens.isEmpty() ? withoutTokens(opening) : withTokens(tokens);
    }

    private Verdict withTokens(List<LockToken> tokens) {
        Verdict verdict = Verdict.commit(lease.incarnation());
        for (LockToken token : tokens) {
            if (token.isDead()) {
                return Verdict.veto("the lock on " + token.key() + " was lost or vetoed");
            }
            if (!token.stands()) {
                if (!lease.stands(token.incarnation())) {
                    return Verdict.veto(
                            "incarnation " + token.incarnation() + ", which locked " + token.key() + ", has ended");
                }
                verdict = Verdict.notYet("the lease of incarnation " + token.incarnation() + " has lapsed");
            }
        }
        return verdict;
    }

    private Verdict withoutTokens(Opening opening) {
        if (opening.stood()) {
            return lease.stands(opening.incarnation())
                    ? Verdict.commit(opening.incarnation())
                    : Verdict.veto("incarnation " + opening.incarnation() + ", in which the data was read, has ended");
        }
        // opened between two incarnations: good in the next one, if that comes in time
        if (nanoClock.getAsLong() - opening.nanos() > waitNanos) {
            return Verdict.veto("no incarnation followed " + opening.incarnation() + " in time");
        }
        Incarnation now = lease.incarnation();
        return now.supersedes(opening.incarnation()) && lease.isValid(now)
                ? Verdict.commit(now)
                : Verdict.notYet("incarnation " + opening.incarnation() + " has ended and none has followed yet");
    }

    /**
     * Returns if the current thread may commit now; waits for a lapsed lease.
     *
     * @throws VetoException if it may not, ever; the caller rolls back
     */
    public void require(Opening opening) {
        require(opening, incarnation -> true);
    }

    /** As above, and waits until the incarnation, which is returned, is {@code ready} too. */
    Incarnation require(Opening opening, Predicate<Incarnation> ready) {
        Supplier<Verdict> question = () -> {
            Verdict verdict = verdict(opening);
            return verdict.mayCommit() && !ready.test(verdict.incarnation())
                    ? Verdict.notYet("incarnation " + verdict.incarnation() + " is not in OOZIE_HA_SERVER yet")
                    : verdict;
        };
        Verdict verdict = question.get();
        if (verdict.mayWait()) {
            verdict = await(question, verdict);
        }
        if (!verdict.mayCommit()) {
            throw veto(verdict.reason());
        }
        return verdict.incarnation();
    }

    private Verdict await(Supplier<Verdict> question, Verdict first) {
        if (!waiters.tryAcquire()) {
            return Verdict.veto(first.reason() + ", and too many commits wait for it already");
        }
        try {
            long start = nanoClock.getAsLong();
            Verdict verdict = first;
            while (verdict.mayWait()) {
                if (Thread.currentThread().isInterrupted()) {
                    return Verdict.veto(verdict.reason() + ", and the thread was interrupted");
                }
                if (nanoClock.getAsLong() - start > waitNanos) {
                    return Verdict.veto(verdict.reason() + ", for longer than oozie.ha.fence.wait.ms");
                }
                pause.accept(LOOK_EVERY_NANOS);
                verdict = question.get();
            }
            return verdict;
        } finally {
            waiters.release();
        }
    }

    /** Ends the tokens of the current thread, tells everybody who wants to know, and returns what is to be thrown. */
    VetoException veto(String reason) {
        Thread thread = Thread.currentThread();
        List<LockToken> tokens = tokens();
        locks.ifPresent(table -> table.killAll(thread));
        vetoed.incrementAndGet();
        Set<String> keys = new TreeSet<>();
        Set<String> prefixes = new LinkedHashSet<>();
        for (LockToken token : tokens) {
            keys.add(token.key());
            prefixes.add(token.logPrefix());
        }
        if (prefixes.isEmpty()) {
            prefixes.add("");
        }
        for (String prefix : prefixes) {
            LOG.warn(
                    "{}Commit refused and rolled back: reason='{}' keys={} incarnation={} thread='{}'",
                    prefix,
                    reason,
                    keys,
                    lease.incarnation(),
                    thread.getName());
        }
        Set<String> told = Collections.unmodifiableSet(keys);
        for (Consumer<Set<String>> listener : listeners) {
            try {
                listener.accept(told);
            } catch (RuntimeException e) {
                LOG.error("A listener to vetoes failed", e);
            }
        }
        return new VetoException(reason + "; lock keys " + keys
                + ". What was to be written is rolled back and done again by the server that owns the job");
    }

    private List<LockToken> tokens() {
        return locks.map(table -> table.tokensOf(Thread.currentThread())).orElse(Collections.emptyList());
    }

    /**
     * Tells {@code listener} the lock keys of each vetoed thread, none if it had no token. It runs on the vetoed thread, which still has
     * its dead tokens: hand the work over, do not do it.
     */
    public void onVeto(Consumer<Set<String>> listener) {
        listeners.add(listener);
    }

    /** Commits refused since the start. */
    public long vetoed() {
        return vetoed.get();
    }
}
