package org.oozieha.sla.follow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The ids that are due soonest, at most a given number of them.
 *
 * <p>Guarantee: every id that was put, not removed, and is due before {@link #horizon} is in it. When it is full it forgets what is due
 * last, and the horizon comes nearer: whoever reaches it fills the queue anew after {@link #reset}. Thread-safe.
 */
final class DueQueue {
    private static final class Entry implements Comparable<Entry> {
        final String id;
        final long due;

        Entry(String id, long due) {
            this.id = id;
            this.due = due;
        }

        @Override
        public int compareTo(Entry other) {
            int order = Long.compare(due, other.due);
            return order != 0 ? order : id.compareTo(other.id);
        }
    }

    private final int capacity;
    private final Map<String, Entry> byId = new HashMap<>();
    private final TreeSet<Entry> byDue = new TreeSet<>();
    private long horizon = Long.MAX_VALUE;

    DueQueue(int capacity) {
        this.capacity = Math.max(1, capacity);
    }

    synchronized void put(String id, long due) {
        remove(id);
        if (due >= horizon && horizon != Long.MAX_VALUE) {
            return;
        }
        Entry entry = new Entry(id, due);
        byId.put(id, entry);
        byDue.add(entry);
        if (byId.size() > capacity) {
            Entry last = byDue.last();
            remove(last.id);
            horizon = Math.min(horizon, last.due);
        }
    }

    synchronized void remove(String id) {
        Entry entry = byId.remove(id);
        if (entry != null) {
            byDue.remove(entry);
        }
    }

    /** What is due by then, the most urgent first; it stays in the queue. */
    synchronized List<String> due(long now) {
        List<String> ids = new ArrayList<>();
        for (Entry entry : byDue) {
            if (entry.due > now) {
                break;
            }
            ids.add(entry.id);
        }
        return ids;
    }

    synchronized void retain(Predicate<String> wanted) {
        for (String id : ids()) {
            if (!wanted.test(id)) {
                remove(id);
            }
        }
    }

    /** From here on the queue may lack what it was given. */
    synchronized long horizon() {
        return horizon;
    }

    /** To be followed by putting everything that is open. */
    synchronized void reset() {
        horizon = Long.MAX_VALUE;
    }

    synchronized void clear() {
        byId.clear();
        byDue.clear();
        horizon = Long.MAX_VALUE;
    }

    synchronized int size() {
        return byId.size();
    }

    synchronized List<String> ids() {
        return new ArrayList<>(byId.keySet());
    }
}
