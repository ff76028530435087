package org.oozieha.lock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The tokens each thread has not released yet, in the order of acquisition. Thread-safe. */
final class HeldTokens {
    private final ConcurrentMap<Thread, List<LockToken>> byThread = new ConcurrentHashMap<>();

    void add(Thread thread, LockToken token) {
        byThread.compute(thread, (t, tokens) -> {
            List<LockToken> more = tokens == null ? new ArrayList<>() : new ArrayList<>(tokens);
            more.add(token);
            return more;
        });
    }

    void remove(Thread thread, LockToken token) {
        byThread.computeIfPresent(thread, (t, tokens) -> {
            List<LockToken> fewer = new ArrayList<>(tokens);
            fewer.remove(token);
            return fewer.isEmpty() ? null : fewer;
        });
    }

    List<LockToken> of(Thread thread) {
        return Collections.unmodifiableList(byThread.getOrDefault(thread, Collections.emptyList()));
    }

    /** True if {@code thread} still has a token that can never stand again. */
    boolean anyDead(Thread thread) {
        for (LockToken token : of(thread)) {
            if (token.isDead()) {
                return true;
            }
        }
        return false;
    }
}
