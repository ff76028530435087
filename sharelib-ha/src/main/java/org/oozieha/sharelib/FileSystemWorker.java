package org.oozieha.sharelib;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.oozieha.sharelib.version.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that may wait for the file system, so that nobody else has to without a bound. Thread-safe. */
final class FileSystemWorker implements Worker, Pause, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sharelib");

    private final CountDownLatch closed = new CountDownLatch(1);
    private final ScheduledThreadPoolExecutor thread;

    FileSystemWorker(String name) {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
    }

    @Override
    public void after(long delayMs, Runnable task) {
        try {
            thread.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("Not scheduled, this server is stopping");
        }
    }

    void every(long firstMs, long nextMs, Runnable task) {
        thread.scheduleWithFixedDelay(() -> run(task), firstMs, nextMs, TimeUnit.MILLISECONDS);
    }

    <T> Future<T> submit(Callable<T> task) {
        return thread.submit(task);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("Work on the sharelib failed", e);
        }
    }

    @Override
    public void pause(long ms) throws InterruptedException {
        closed.await(ms, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
        thread.shutdownNow();
    }
}
