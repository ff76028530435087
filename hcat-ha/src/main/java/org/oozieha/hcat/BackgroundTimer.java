package org.oozieha.hcat;

import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.oozieha.takeover.TaskTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A timer with threads of its own; a task that fails is logged and stops no other. */
final class BackgroundTimer implements TaskTimer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");

    private final ScheduledExecutorService executor;

    BackgroundTimer(String name) {
        this(name, 1);
    }

    /** @param threads how many tasks may run, and wait, at a time */
    BackgroundTimer(String name, int threads) {
        executor = Executors.newScheduledThreadPool(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void after(long delayMs, Runnable task) {
        try {
            executor.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("Not scheduled, this server is stopping");
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("A task failed", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
