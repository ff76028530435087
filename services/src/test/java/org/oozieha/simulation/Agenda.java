package org.oozieha.simulation;

import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One server's timer: tasks run on the scheduler when its clock says so. Of the executor, {@code schedule} only. */
final class Agenda extends AbstractExecutorService implements ScheduledExecutorService {
    private final LongSupplier clock;
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private final Runnable onEntry;
    private long sequence;

    Agenda(LongSupplier clock) {
        this(clock, () -> {});
    }

    /** @param onEntry called after each new entry */
    Agenda(LongSupplier clock, Runnable onEntry) {
        this.clock = clock;
        this.onEntry = onEntry;
    }

    /** How long nothing is due. */
    long idleMs() {
        return entries.isEmpty() ? 10_000 : Math.max(1, (entries.peek().due - clock.getAsLong()) / 1_000_000 + 1);
    }

    void after(long ms, Runnable task) {
        schedule(task, ms, TimeUnit.MILLISECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        entries.add(new Entry(clock.getAsLong() + unit.toNanos(delay), sequence++, task));
        onEntry.run();
        return null;
    }

    void runDue() {
        while (!entries.isEmpty() && clock.getAsLong() - entries.peek().due >= 0) {
            entries.poll().task.run();
        }
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
        after(0, task);
    }

    @Override
    public void shutdown() {
        entries.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        entries.clear();
        return Collections.emptyList();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    private static final class Entry implements Comparable<Entry> {
        private final long due;
        private final long sequence;
        private final Runnable task;

        private Entry(long due, long sequence, Runnable task) {
            this.due = due;
            this.sequence = sequence;
            this.task = task;
        }

        @Override
        public int compareTo(Entry other) {
            return due == other.due ? Long.compare(sequence, other.sequence) : Long.compare(due, other.due);
        }
    }
}
