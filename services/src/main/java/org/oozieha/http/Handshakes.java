package org.oozieha.http;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.hadoop.security.authentication.client.AuthenticationException;

/** One handshake with a peer at a time: all its callers get the cookie, and a KDC that hangs holds one thread a peer. Thread-safe. */
final class Handshakes {
    /** Shakes hands; null if the peer gave no cookie. */
    interface Handshake {
        String cookie() throws IOException, AuthenticationException;
    }

    private final Map<String, ReentrantLock> peers = new ConcurrentHashMap<>();
    private final PeerCookies cookies;

    Handshakes(PeerCookies cookies) {
        this.cookies = cookies;
    }

    /**
     * The cookie of a handshake, of somebody else's if that was faster.
     *
     * @param late what to throw when it is not this call's turn in time
     */
    String cookie(String peer, long waitMs, Handshake handshake, Supplier<PeerException> late)
            throws IOException, AuthenticationException {
        ReentrantLock turn = peers.computeIfAbsent(peer, name -> new ReentrantLock());
        try {
            if (!turn.tryLock(waitMs, TimeUnit.MILLISECONDS)) {
                throw late.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException("interrupted");
        }
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
            turn.unlock();
        }
    }
}
