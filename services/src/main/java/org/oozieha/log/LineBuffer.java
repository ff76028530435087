package org.oozieha.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines between the thread that reads them and the one that merges them.
 *
 * <p>Guarantee: about {@code capacity} characters are held in memory, more lines wait on disk; when the disk takes no more the
 * reading thread is held back. Thread-safe.
 *
 * <p>The disk is there because a server closes a connection whose reader stands still (Jetty after 30 s), and a reader does stand
 * still while the merge is at another server's lines.
 */
final class LineBuffer {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.log");

    /** What one line costs besides its characters. */
    private static final int OVERHEAD = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private final SpillFile disk;
    private final int capacity;
    private long held;
    private boolean ended;
    private boolean closed;
    private String failure;

    /** @param diskBytes 0 if the reading thread may be held back for any time */
    LineBuffer(int capacity, long diskBytes) {
        this.capacity = capacity;
        this.disk = new SpillFile(diskBytes);
    }

    /**
     * Takes all lines, when there is room.
     *
     * @throws IOException if nobody wants more
     */
    void put(List<LogLine> more) throws IOException {
        if (more.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            while (!takes(more)) {
                drained.await(1, TimeUnit.SECONDS);
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
            disk.close();
        } catch (IOException e) {
            LOG.debug("A spill file was not closed: reason={}", e.toString());
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return nothingHeld();
        } finally {
            lock.unlock();
        }
    }

    /** Characters held in memory now, overhead included. */
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
            while (nothingHeld() && !ended) {
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
            if (lines.isEmpty() && !disk.isEmpty()) {
                disk.take().forEach(this::hold);
                drained.signal();
            }
            LogLine line = lines.poll();
            if (line == null) {
                if (failure != null) {
                    throw new LogSourceException(failure);
                }
                return null;
            }
            held -= cost(line);
            if (held < capacity) {
                drained.signal();
            }
            return line;
        } catch (IOException e) {
            throw new LogSourceException(e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private boolean takes(List<LogLine> more) throws IOException {
        if (closed) {
            throw new IOException("the reader has gone");
        }
        if (disk.isEmpty() && held < capacity) {
            more.forEach(this::hold);
            return true;
        }
        return disk.offer(more);
    }

    private boolean nothingHeld() {
        return lines.isEmpty() && disk.isEmpty();
    }

    private void hold(LogLine line) {
        lines.add(line);
        held += cost(line);
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
