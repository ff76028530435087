package org.oozieha.sharelib.version;

/** Runs tasks one after the other, on a thread that may wait. */
@FunctionalInterface
public interface Worker {
    /** @param delayMs milliseconds; a task that cannot run any more, since the worker ended, is dropped */
    void after(long delayMs, Runnable task);
}
