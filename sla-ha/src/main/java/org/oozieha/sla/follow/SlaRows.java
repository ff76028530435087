package org.oozieha.sla.follow;

import java.util.List;

/**
 * The SLAs in the database, in pages by id; the first page is the one after {@link #BEFORE_ALL}.
 *
 * <p>On failure a RuntimeException; the same page may be asked for again. Thread-safe.
 */
public interface SlaRows {
    /** Below every id. Not the empty text: in Oracle that is NULL, and nothing is above it. */
    String BEFORE_ALL = " ";

    /** What has a table of its own. Ids of several cannot be merged: only the database knows its order. */
    enum Kind {
        WORKFLOW,
        WORKFLOW_ACTION,
        COORDINATOR_ACTION
    }

    /** Those that lack an event, with ids above {@code after}; fewer than {@code limit} means that there are no more. */
    List<OpenSla> open(String after, int limit);

    /**
     * Those whose row was written at or after a moment, whatever they lack.
     *
     * @param sinceMs milliseconds since the epoch, by the clocks of the servers that wrote
     */
    List<OpenSla> changed(long sinceMs, String after, int limit);

    /** Ids of those of that kind whose job is in another state than was last seen, or has ended and that is not recorded. */
    List<String> behind(Kind kind, String after, int limit);
}
