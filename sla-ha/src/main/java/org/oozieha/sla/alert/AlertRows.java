package org.oozieha.sla.alert;

import java.util.List;

/** The table OOZIE_HA_ALERT. On failure a RuntimeException. Thread-safe. */
public interface AlertRows {
    /** Below every key. Not the empty text: in Oracle that is NULL, and nothing is above it. */
    String BEFORE_ALL = " ";

    /** Those not delivered yet, with keys above {@code after}, by key; {@link #BEFORE_ALL} for the first. */
    List<Alert> undelivered(String after, int limit);

    /** Makes {@code server} the one that delivers it; false if it was delivered or claimed meanwhile. */
    boolean claim(Alert alert, String server);

    /** @param at milliseconds since the epoch */
    void delivered(String key, long at);

    /**
     * Deletes what was delivered before that moment, but no more than {@code limit} of it.
     *
     * @param before milliseconds since the epoch
     * @return how many were found; fewer than {@code limit} means that there are no more
     */
    int deleteDelivered(long before, int limit);
}
