package org.oozieha.hcat.waiting;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where it is recorded who waits for what. */
public interface Recorded {
    /**
     * @param after the last id of the page before; empty for the first
     * @return in the order of ids; fewer than {@code limit} if it is the last page
     */
    List<Waiting> page(String after, int limit);

    /** An action and the URIs it waits for. Immutable. */
    final class Waiting {
        private final String action;
        private final List<String> uris;

        public Waiting(String action, List<String> uris) {
            this.action = action;
            this.uris = Collections.unmodifiableList(new ArrayList<>(uris));
        }

        String action() {
            return action;
        }

        List<String> uris() {
            return uris;
        }
    }
}
