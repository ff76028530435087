package org.oozieha.service;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Threads that keep no server from ending. */
final class DaemonThread {
    private DaemonThread() {}

    /** One thread of this name; it starts with its first task, and whoever asks for it shuts it down. */
    static ScheduledExecutorService named(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
