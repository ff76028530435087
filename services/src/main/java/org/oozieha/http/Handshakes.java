package org.oozieha.http;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.hadoop.security.authentication.client.AuthenticationException;

/**
 * One handshake with a peer at a time, and all its callers get the cookie. A KDC that hangs holds the threads of a few callers of each
 * peer, and leaves the others for calls that need no handshake. Thread-safe.
 */
final class Handshakes {
    /** Shakes hands; null if the peer gave no cookie. */
    interface Handshake {
        String cookie() throws IOException, AuthenticationException;
    }

    /** Throws once nobody waits for the cookie any more. */
    interface StillWanted {
        void check() throws IOException;
    }

    private static final int WAIT_FOR_A_SLOW_ONE = 3;
    private static final long SLOW_MS = 1_000;
    private static final long LOOK_EVERY_MS = 250;

    private final Map<String, Turn> peers = new ConcurrentHashMap<>();
    private final PeerCookies cookies;

    Handshakes(PeerCookies cookies) {
        this.cookies = cookies;
    }

    /**
     * The cookie of a handshake, of somebody else's if that was faster.
     *
     * @param late what to throw when it is not this call's turn in time, or a handshake is slow and enough others wait for it
     */
    String cookie(String peer, long waitMs, StillWanted wanted, Handshake handshake, Supplier<PeerException> late)
            throws IOException, AuthenticationException {
        Turn turn = peers.computeIfAbsent(peer, name -> new Turn());
        turn.await(waitMs, wanted, late);
        try {
            String known = cookies.get(peer);
            if (known != null) {
                return known;
            }
            String fresh = handshake.cookie();
            if (fresh != null) {
                cookies.put(peer, fresh);
            }
            return fresh;
        } finally {
            turn.over();
        }
    }

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock();
        private final AtomicInteger waiting = new AtomicInteger();
        /** When the handshake under way began; until its thread has said so, when the one before ended. */
        private volatile long sinceNanos;

        void await(long waitMs, StillWanted wanted, Supplier<PeerException> late) throws IOException {
            long beganNanos = System.nanoTime();
            int ahead = waiting.getAndIncrement();
            try {
                while (!lock.tryLock(Math.min(LOOK_EVERY_MS, waitMs), TimeUnit.MILLISECONDS)) {
                    wanted.check();
                    boolean slow = elapsedMs(sinceNanos) >= Math.min(SLOW_MS, waitMs / 2);
                    if (elapsedMs(beganNanos) >= waitMs || slow && ahead >= WAIT_FOR_A_SLOW_ONE) {
                        throw late.get();
                    }
                }
                sinceNanos = System.nanoTime();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PeerException("interrupted");
            } finally {
                waiting.decrementAndGet();
            }
        }

        void over() {
            sinceNanos = System.nanoTime();
            lock.unlock();
        }

        private static long elapsedMs(long fromNanos) {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - fromNanos);
        }
    }
}
