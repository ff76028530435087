package org.oozieha.service;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Remembers whether the database answered.
 *
 * <p>Guarantee: {@link #reachable} returns at once, whatever the database does; at most one question is under way, and at most one is
 * asked every two seconds. On failure: a question that failed, or got no answer in ten seconds, counts as out of reach until a later
 * one is answered. Before the first answer the database counts as reachable, since a server does not start without it. Thread-safe.
 */
final class DatabaseProbe {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Callable<Boolean> question;
    private final Executor worker;
    private final LongSupplier nanos;
    private boolean answer = true;
    private boolean asking;
    private boolean asked;
    private long askedAt;

    DatabaseProbe(Callable<Boolean> question, Executor worker, LongSupplier nanos) {
        this.question = question;
        this.worker = worker;
        this.nanos = nanos;
    }

    boolean reachable() {
        synchronized (this) {
            long age = nanos.getAsLong() - askedAt;
            if (asking) {
                return answer && age < PATIENCE_NANOS;
            }
            if (asked && age < EVERY_NANOS) {
                return answer;
            }
            asking = true;
            asked = true;
            askedAt = nanos.getAsLong();
        }
        worker.execute(this::ask);
        synchronized (this) {
            return answer;
        }
    }

    private void ask() {
        boolean reached = false;
        try {
            reached = question.call();
        } catch (Exception e) {
            // the answer is no
        } finally {
            synchronized (this) {
                answer = reached;
                asking = false;
            }
        }
    }
}
