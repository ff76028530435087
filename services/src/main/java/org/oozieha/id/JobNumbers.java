package org.oozieha.id;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Incarnation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out job numbers, each pair of number and start time once in the life of the cluster.
 *
 * <p>Numbers come from blocks of the shared sequence, the next block being fetched while the current one is in use. While the
 * coordination service is away they come from this server's reserve: a start time of its own, issued in advance, under which
 * it counts from 0 to the maximum; once the service is back, a used reserve is replaced.
 *
 * <p>On failure: {@link #next} waits a bounded time, not at all while the service is known to be away, then takes
 * from the reserve; {@link IllegalStateException} if there is none, because the service never answered since the start. Thread-safe.
 * Shared values and the recorded ids are used on the background executor only.
 */
public final class JobNumbers implements ClusterListener {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.id");

    private final StartTimes startTimes;
    private final SequenceBlocks blocks;
    private final Executor background;
    private final BooleanSupplier reachable;
    private final LongSupplier nanoTime;
    private final long waitMs;

    private final Object lock = new Object();
    private Run current;
    private Run following;
    private Run reserve;
    private boolean reserveStale;
    private boolean refilling;
    private boolean away;
    private boolean fromReserve;
    private boolean closed;

    /** Used by the one refill that runs. */
    private StartTime startTime;

    /**
     * @param background runs what may wait; never the cluster's event thread
     * @param reachable false while the coordination service is known to be away; must not block
     * @param nanoTime monotonic
     * @param waitMs how long an id may wait for the coordination service before it comes from the reserve
     */
    public JobNumbers(
            StartTimes startTimes,
            SequenceBlocks blocks,
            Executor background,
            BooleanSupplier reachable,
            LongSupplier nanoTime,
            long waitMs) {
        this.startTimes = startTimes;
        this.blocks = blocks;
        this.background = background;
        this.reachable = reachable;
        this.nanoTime = nanoTime;
        this.waitMs = waitMs;
    }

    /** Gives out the next one. */
    public JobNumber next() {
        synchronized (lock) {
            long deadline = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(waitMs);
            while (true) {
                if (closed) {
                    throw new IllegalStateException("this server is stopping and gives out no more job ids");
                }
                boolean shared = advance();
                if (!away) {
                    refillIfNeeded();
                }
                if (shared || advance()) {
                    return current.take();
                }
                long left = deadline - nanoTime.getAsLong();
                if (reserveLeft() > 0 && (away || left <= 0 || !reachable.getAsBoolean())) {
                    return takeFromReserve();
                }
                if (left <= 0) {
                    throw new IllegalStateException("no job id can be given out: "
                            + (reserve == null
                                    ? "ZooKeeper or the database has"
                                    : "the reserve is used up and ZooKeeper has")
                            + " not answered, see the log lines of org.apache.oozie.ha.id; submit again later");
                }
                await(left);
            }
        }
    }

    /** Fetches in the background what is missing, also after failures. Returns at once; to be called about once a second. */
    public void refresh() {
        synchronized (lock) {
            refillIfNeeded();
        }
    }

    /** How many more numbers the reserve has; 0 before the first one was issued. */
    public long reserveLeft() {
        synchronized (lock) {
            return reserve == null ? 0 : reserve.left();
        }
    }

    /** Nothing is given out any more. Idempotent. */
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    /** A wipe may have ended it: a fresh reserve lifts the shared start time over all that this server holds. */
    @Override
    public void incarnationEnded(Incarnation incarnation) {
        synchronized (lock) {
            reserveStale = true;
        }
    }

    @Override
    public void leaseValid(Incarnation incarnation) {
        refresh();
    }

    private boolean advance() {
        if (current == null || current.left() == 0) {
            current = following;
            following = null;
        }
        return current != null;
    }

    private JobNumber takeFromReserve() {
        if (!fromReserve) {
            LOG.info("job ids come from the reserve: left={}", reserve.left());
        }
        fromReserve = true;
        away = true;
        reserveStale = true;
        return reserve.take();
    }

    private void await(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(lock, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (reserveLeft() == 0) {
                throw new IllegalStateException("interrupted while waiting for a job id", e);
            }
            away = true;
        }
    }

    private void refillIfNeeded() {
        if (!refilling && wanted() != Want.NOTHING) {
            refilling = true;
            try {
                background.execute(this::refill);
            } catch (RejectedExecutionException e) {
                refilling = false;
            }
        }
    }

    /** The reserve comes first: whoever gets numbers can also go on without the service. */
    private Want wanted() {
        if (closed) {
            return Want.NOTHING;
        }
        if (reserve == null) {
            return Want.RESERVE;
        }
        boolean low = current == null || current.left() <= (blocks.size() + 1) / 2;
        if (low && following == null) {
            return Want.BLOCK;
        }
        return reserveStale ? Want.RESERVE : Want.NOTHING;
    }

    private void refill() {
        boolean failed = true;
        try {
            Want want = nowWanted();
            while (want != Want.NOTHING) {
                if (want == Want.RESERVE) {
                    reserve(new Run(startTimes.next(), 0, blocks.maximum()));
                } else {
                    add(nextBlock());
                }
                want = nowWanted();
            }
            failed = false;
        } catch (ClusterUnavailableException | HighWaterMark.UnknownException | RuntimeException | LinkageError e) {
            failed(e);
        } finally {
            synchronized (lock) {
                refilling = false;
                away = failed;
                lock.notifyAll();
            }
        }
    }

    private Want nowWanted() {
        synchronized (lock) {
            return wanted();
        }
    }

    private Run nextBlock() throws ClusterUnavailableException, HighWaterMark.UnknownException {
        SequenceBlocks.Block block = blocks.next();
        if (block.wentBack) {
            startTime = null;
        }
        if (startTime == null) {
            startTime = startTimes.next();
            LOG.info("job numbers go on from {} under start time {}", block.begin, startTime);
        }
        return new Run(startTime, block.begin, block.end);
    }

    private void add(Run run) {
        synchronized (lock) {
            following = run;
            if (fromReserve) {
                LOG.info("job ids come from the shared sequence again");
            }
            fromReserve = false;
            away = false;
            lock.notifyAll();
        }
    }

    private void reserve(Run fresh) {
        synchronized (lock) {
            reserve = fresh;
            reserveStale = false;
        }
    }

    private void failed(Throwable e) {
        synchronized (lock) {
            if (away || closed) {
                LOG.debug("still no new block of job ids: {}", e.toString());
                return;
            }
        }
        if (e instanceof HighWaterMark.UnknownException && reserveLeft() == 0) {
            LOG.info("no job ids yet: {}", e.getMessage());
            return;
        }
        LOG.warn(
                "no new block of job ids, going on with what this server holds: reserve={} cause={}",
                reserveLeft(),
                e.toString(),
                e instanceof RuntimeException || e instanceof Error ? e : null);
    }

    private enum Want {
        NOTHING,
        BLOCK,
        RESERVE
    }
}
