package org.oozieha.takeover;

/** Runs tasks later, one at a time, never on the cluster's event thread. */
public interface TaskTimer {
    /** @param delayMs 0 for as soon as possible */
    void after(long delayMs, Runnable task);
}
