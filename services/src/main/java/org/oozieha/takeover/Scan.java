package org.oozieha.takeover;

import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * One kind of work in flight, read page by page from where it is recorded.
 *
 * <p>Guarantee: what was recorded before the first page is asked for, and still is, is found. On failure, any RuntimeException: the same
 * page is asked for again later. Called on one thread at a time.
 */
public interface Scan {
    /** For log lines. */
    String name();

    /** False for work that need not be looked for again and again while a server drains. */
    default boolean isUrgent() {
        return true;
    }

    /**
     * @param after the last id of the page before; empty for the first page
     * @param limit most rows to read
     * @param jobs only of these jobs; empty for all
     */
    Page page(String after, int limit, Set<String> jobs);

    /** A page in the order of ids. Immutable. */
    final class Page {
        private final List<Pickup> found;
        private final String last;

        private Page(List<Pickup> found, String last) {
            this.found = Collections.unmodifiableList(found);
            this.last = last;
        }

        /** @param last the id to go on after */
        public static Page of(List<Pickup> found, String last) {
            return new Page(found, last);
        }

        public static Page last(List<Pickup> found) {
            return new Page(found, null);
        }

        public List<Pickup> found() {
            return found;
        }

        public boolean isLast() {
            return last == null;
        }

        String after() {
            return last;
        }
    }
}
