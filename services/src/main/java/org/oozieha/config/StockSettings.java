package org.oozieha.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Properties of the stock HA services that the pack does not read, and what does their work instead. */
final class StockSettings {
    private static final Map<String, String> REPLACED_BY;

    static {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("oozie.zookeeper.session.timeout", "use " + Settings.SESSION_TIMEOUT.key());
        map.put("oozie.zookeeper.connection.timeout", "use " + Settings.STARTUP_TIMEOUT.key());
        map.put("oozie.zookeeper.max.retries", "the server reconnects for as long as it takes");
        map.put("oozie.zookeeper.server.shutdown.ontimeout", "the server never stops itself");
        map.put("oozie.service.ZKLocksService.locks.reaper.threshold", "ZooKeeper removes empty lock nodes itself");
        map.put("oozie.service.ZKLocksService.locks.reaper.threads", "ZooKeeper removes empty lock nodes itself");
        map.put(
                "oozie.service.ZKLocksService.lock.release.retry.time.limit.minutes",
                "a release is repeated until the lock is gone");
        REPLACED_BY = Collections.unmodifiableMap(map);
    }

    private StockSettings() {}

    /** One line for each property of {@code setByOperator} that has no effect. */
    static List<String> notRead(Set<String> setByOperator) {
        List<String> lines = new ArrayList<>();
        REPLACED_BY.forEach((key, instead) -> {
            if (setByOperator.contains(key)) {
                lines.add("Property [" + key + "] is set but not read by the HA pack: " + instead);
            }
        });
        return lines;
    }
}
