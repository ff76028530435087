package org.oozieha.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lines between the thread that reads them and the one that merges them.
 *
 * <p>Guarantee: at most {@code capacity} characters are held; then the reading thread waits. Only while nothing was taken for
 * {@code graceMs} the capacity grows by one step, up to {@code 16} times, because servers close a connection whose reader stands
 * still for 30 s. Thread-safe.
 */
final class LineBuffer {
    /** What one line costs besides its characters. */
    private static final int OVERHEAD = 64;

    private static final int MAX_GROWTH = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private final int capacity;
    private final long graceMs;
    private long held;
    private int growth = 1;
    private boolean ended;
    private boolean closed;
    private String failure;

    LineBuffer(int capacity, long graceMs) {
        this.capacity = capacity;
        this.graceMs = graceMs;
    }

    /** With half a million characters, and a grace of 15 s. */
    static LineBuffer standard() {
        return new LineBuffer(1 << 19, 15_000);
    }

    /**
     * Waits for room, then takes all lines.
     *
     * @throws IOException if nobody wants more
     */
    void put(List<LogLine> more) throws IOException {
        if (more.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            awaitRoom();
            for (LogLine line : more) {
                lines.add(line);
                held += cost(line);
            }
            filled.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** No more lines come. */
    void end() {
        finish(null);
    }

    /** No more lines come, although there should be more. Lines that are held are still given out. */
    void fail(String reason) {
        finish(reason);
    }

    /** Nobody takes more lines: drops what is held and sends the reading thread away. */
    void close() {
        lock.lock();
        try {
            closed = true;
            ended = true;
            lines.clear();
            held = 0;
            drained.signalAll();
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return lines.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Characters held now, overhead included. */
    long held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** True once a line is there, or it is known that none comes. */
    boolean await(long deadlineNanos) throws InterruptedException {
        lock.lock();
        try {
            while (lines.isEmpty() && !ended) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                filled.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next line without waiting, or null if none is held.
     *
     * @throws LogSourceException if there should be more
     */
    LogLine poll() throws LogSourceException {
        lock.lock();
        try {
            LogLine line = lines.poll();
            if (line == null) {
                if (failure != null) {
                    throw new LogSourceException(failure);
                }
                return null;
            }
            held -= cost(line);
            if (held < capacity) {
                growth = 1;
                drained.signal();
            }
            return line;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() throws InterruptedException, IOException {
        long since = System.nanoTime();
        while (!closed && held >= (long) capacity * growth) {
            long left = TimeUnit.MILLISECONDS.toNanos(graceMs) - (System.nanoTime() - since);
            if (left > 0 || growth == MAX_GROWTH) {
                drained.awaitNanos(Math.max(left, TimeUnit.MILLISECONDS.toNanos(100)));
            } else {
                growth++;
                since = System.nanoTime();
            }
        }
        if (closed) {
            throw new IOException("the reader has gone");
        }
    }

    private void finish(String reason) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = reason;
                filled.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static int cost(LogLine line) {
        return line.text().length() + OVERHEAD;
    }
}
