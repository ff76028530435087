package org.oozieha.service;

import java.util.concurrent.TimeUnit;

/**
 * The HTTP requests under way in this server.
 *
 * <p>Guarantee: once {@link #closeAndAwait} was called none gets in, and those inside are waited for, so that nothing a client asked for
 * is cut off in the middle while Oozie's services go. On failure: a request that takes longer than the bound is cut off as in stock
 * Oozie. Thread-safe.
 */
final class RequestGate {
    private int inside;
    private boolean closed;

    /** A gate that lets nobody in. */
    static RequestGate closed() {
        RequestGate gate = new RequestGate();
        gate.closed = true;
        return gate;
    }

    /** True if the request may go on; then {@link #exit} must follow. */
    synchronized boolean enter() {
        if (closed) {
            return false;
        }
        inside++;
        return true;
    }

    synchronized void exit() {
        inside--;
        notifyAll();
    }

    /** Lets nobody in any more and waits for those inside; returns how many are still there after the bound. */
    synchronized int closeAndAwait(long boundMs) {
        closed = true;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(boundMs);
        try {
            for (long left = boundMs;
                    inside > 0 && left > 0;
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return inside;
    }
}
