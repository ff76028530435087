package org.oozieha.sharelib;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oozieha.cluster.ClusterUnavailableException;
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

    /**
     * Runs a task on this thread and waits for it.
     *
     * @param what for the message: publish the newest sharelib
     * @throws IOException it failed, or has not ended in time
     */
    <T> T within(long timeoutMs, Callable<T> task, String what) throws IOException {
        Future<T> answer = submit(task);
        try {
            return answer.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw new IOException(
                    "could not " + what + " within " + timeoutMs + " ms, the file system or ZooKeeper does not answer;"
                            + " oozie-ha sharelib shows what is published",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped: " + what);
        } catch (ExecutionException e) {
            throw new IOException(message(e.getCause()), e.getCause());
        }
    }

    private static String message(Throwable failure) {
        String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return failure instanceof ClusterUnavailableException
                ? "ZooKeeper is out of reach, see with oozie-ha sharelib whether a new version is published: " + text
                : text;
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
