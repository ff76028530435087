package org.oozieha.lock;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oozieha.cluster.LockQueue.Mode;
import org.oozieha.testing.Eventually;

/** A thread of a server under test, which locks and unlocks when told to. */
final class Caller implements AutoCloseable {
    private final LockTable table;
    private final ExecutorService executor;
    private volatile Thread thread;

    Caller(LockTable table, String name) {
        this.table = table;
        this.executor = Executors.newSingleThreadExecutor(task -> {
            thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    Future<Optional<LockToken>> asks(String key, Mode mode, long waitMs) {
        return executor.submit(() -> table.acquire(key, mode, waitMs));
    }

    Optional<LockToken> locks(String key, Mode mode, long waitMs) {
        return result(asks(key, mode, waitMs));
    }

    LockToken writes(String key) {
        return locks(key, Mode.WRITE, 5_000)
                .orElseThrow(() -> new AssertionError("the lock on " + key + " was not obtained"));
    }

    void releases(LockToken token) {
        does(() -> {
            token.release();
            return null;
        });
    }

    <T> Future<T> starts(Task<T> task) {
        return executor.submit(() -> task.run(table));
    }

    <T> T does(Callable<T> task) {
        return result(executor.submit(task));
    }

    Thread thread() {
        return does(Thread::currentThread);
    }

    interface Task<T> {
        T run(LockTable table) throws Exception;
    }

    void interrupt() {
        thread.interrupt();
    }

    static <T> T result(Future<T> future) {
        try {
            return future.get(Eventually.scaled(20_000), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
