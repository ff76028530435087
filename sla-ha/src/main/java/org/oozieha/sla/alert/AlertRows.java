package org.oozieha.sla.alert;

import java.util.List;

/** The table OOZIE_HA_ALERT. On failure a RuntimeException. Thread-safe. */
public interface AlertRows {
    /** Those not delivered yet, with keys above {@code after}, by key. */
    List<Alert> undelivered(String after, int limit);

    /** Makes {@code server} the one that delivers it; false if it was delivered or claimed meanwhile. */
    boolean claim(Alert alert, String server);

    /** @param at milliseconds since the epoch */
    void delivered(String key, long at);

    /** Deletes what was delivered before that moment, in milliseconds since the epoch. */
    int deleteDeliveredBefore(long at);
}
