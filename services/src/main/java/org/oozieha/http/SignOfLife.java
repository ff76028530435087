package org.oozieha.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tells a silent peer that works from one that hangs, by asking it. Used by one thread. */
final class SignOfLife {
    private final PeerTimeouts timeouts;
    private final Supplier<CompletableFuture<Boolean>> question;
    private CompletableFuture<Boolean> answer;
    private long askedAt;
    private long askedFor;

    /** @param question asks the peer; true for an answer of any kind */
    SignOfLife(PeerTimeouts timeouts, Supplier<CompletableFuture<Boolean>> question) {
        this.timeouts = timeouts;
        this.question = question;
    }

    /**
     * False only if the peer was asked during this silence and did not answer in time. Asks, and asks again after each
     * {@link PeerTimeouts#readMs}; never waits.
     *
     * @param silentSince tells one silence from another
     */
    boolean mayBeAlive(long silentSince) {
        long now = System.nanoTime();
        long askedMs = TimeUnit.NANOSECONDS.toMillis(now - askedAt);
        boolean answered = answer != null && answer.getNow(false);
        if (answer == null || askedFor != silentSince || answered && askedMs >= timeouts.readMs()) {
            answer = question.get();
            askedAt = now;
            askedFor = silentSince;
            return true;
        }
        return answer.isDone() ? answer.getNow(false) : askedMs < timeouts.connectMs() + timeouts.readMs();
    }
}
