package org.oozieha.service;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.oozieha.cluster.Leadership;

/** What one server does for all, now and then: the one that leads when the time comes. */
final class Housekeeping implements AutoCloseable {
    private static final long EVERY_MINUTES = 10;

    private final ScheduledExecutorService timer = DaemonThread.named("oozie-ha-housekeeping");

    void start(Leadership leadership, Runnable chore) {
        timer.scheduleWithFixedDelay(
                () -> {
                    if (leadership.isLeader()) {
                        chore.run();
                    }
                },
                EVERY_MINUTES,
                EVERY_MINUTES,
                TimeUnit.MINUTES);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
