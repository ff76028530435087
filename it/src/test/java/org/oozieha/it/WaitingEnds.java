package org.oozieha.it;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.oozieha.it.harness.Database;
import org.oozieha.it.harness.Waiting;

/** Sees when each coordinator's action is WAITING no more; looks ten times a second. */
final class WaitingEnds implements AutoCloseable {
    private static final long POLL_MS = 100;

    private final Map<String, Instant> ends = new ConcurrentHashMap<>();
    private final ScheduledExecutorService poll = Executors.newSingleThreadScheduledExecutor();
    private final Database database;

    WaitingEnds(Database database) {
        this.database = database;
        poll.scheduleWithFixedDelay(this::look, POLL_MS, POLL_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            for (String[] row : database.query("SELECT job_id FROM coord_actions WHERE status <> 'WAITING'")) {
                ends.putIfAbsent(row[0], Instant.now());
            }
        } catch (RuntimeException e) {
            System.out.println("not seen, looked for again: " + e);
        }
    }

    boolean isWaiting(String job) {
        return !ends.containsKey(job);
    }

    Instant await(String job, Duration bound) {
        return Waiting.forValue(job + " leaves WAITING", bound, () -> ends.get(job));
    }

    @Override
    public void close() {
        poll.shutdownNow();
    }
}
