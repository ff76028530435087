package org.oozieha.cluster.zookeeper;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which a {@link ZkCluster} keeps its state. A task that throws is logged and loses nothing but itself. */
final class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");

    private final ScheduledThreadPoolExecutor executor;
    private volatile Thread thread;

    EventLoop(String name) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, name);
            created.setDaemon(true);
            thread = created;
            return created;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** False if the loop has ended. */
    boolean execute(Runnable task) {
        try {
            executor.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** The returned future only cancels; null if the loop has ended. */
    Future<?> schedule(Runnable task, long delayMs) {
        try {
            return executor.schedule(guarded(task), Math.max(0, delayMs), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            return null;
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    /** Cancels what {@link #schedule} returned, if it did. */
    static void cancel(Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }

    /** Runs something of somebody else's: what it throws is logged and stops nothing here. */
    static void call(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A task of the cluster's event loop failed", e);
        }
    }

    /** A callback whose failure is logged instead of vanishing in a future that nobody reads. */
    static <T> BiConsumer<T, Throwable> logged(BiConsumer<T, Throwable> callback) {
        return (value, failure) -> call(() -> callback.accept(value, failure));
    }

    private static Runnable guarded(Runnable task) {
        return () -> call(task);
    }
}
