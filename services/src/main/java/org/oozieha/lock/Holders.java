package org.oozieha.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oozieha.cluster.LockQueue.Mode;

/** The threads here that hold one key: one writer, or readers. Guarded by the key's monitor. */
final class Holders {
    private final Map<Thread, Hold> byThread = new HashMap<>();
    private final LockCounts counts;

    Holders(LockCounts counts) {
        this.counts = counts;
    }

    boolean isEmpty() {
        return byThread.isEmpty();
    }

    Hold of(Thread thread) {
        return byThread.get(thread);
    }

    /** True if another thread may hold the key in this mode beside those that do. */
    boolean admit(Mode mode) {
        return isEmpty() || (mode == Mode.READ && byThread.values().iterator().next().mode == Mode.READ);
    }

    void add(Hold hold) {
        byThread.put(hold.thread, hold);
        counts.held.incrementAndGet();
    }

    /** Returns false if this hold was lost before. */
    boolean remove(Hold hold) {
        boolean held = byThread.remove(hold.thread, hold);
        if (held) {
            counts.held.decrementAndGet();
        }
        return held;
    }

    /** Ends all holds for good; returns them. */
    List<Hold> lose() {
        List<Hold> lost = new ArrayList<>(byThread.values());
        lost.forEach(Hold::end);
        byThread.clear();
        counts.held.addAndGet(-lost.size());
        counts.lost.addAndGet(lost.size());
        return lost;
    }

    /** The writer whose hold stands, or null. */
    Hold standingWriter() {
        for (Hold hold : byThread.values()) {
            if (hold.mode == Mode.WRITE && hold.stands()) {
                return hold;
            }
        }
        return null;
    }
}
