package org.oozieha.hcat;

import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.oozieha.config.HaConfig;

/**
 * Bounds for calls to a metastore, where Hive's defaults wait ten minutes for a dead one. What is set already stays.
 *
 * <p>Hive's client opens connections one after the other in a JVM: a second's pause after each that fails is a minute for the last of fifty
 * callers. {@link org.oozieha.hcat.endpoint.FailOver} turns to another metastore instead.
 */
final class CallBounds {
    private static final String SOCKET_TIMEOUT_SECONDS = "hive.metastore.client.socket.timeout";
    private static final String CONNECT_RETRIES = "hive.metastore.connect.retries";
    private static final String PAUSE_SECONDS = "hive.metastore.client.connect.retry.delay";
    private static final String FAILURE_RETRIES = "hive.metastore.failure.retries";

    private final long timeoutMs;

    CallBounds(HaConfig config) {
        this.timeoutMs = config.hcatCallTimeoutMs();
    }

    /** A copy with bounds. */
    Configuration on(Configuration conf) {
        Configuration bounded = new Configuration(conf);
        long seconds = Math.max(1, TimeUnit.MILLISECONDS.toSeconds(timeoutMs));
        bounded.setIfUnset(SOCKET_TIMEOUT_SECONDS, Long.toString(seconds));
        bounded.setIfUnset(CONNECT_RETRIES, "1");
        bounded.setIfUnset(PAUSE_SECONDS, "0");
        bounded.setIfUnset(FAILURE_RETRIES, "0");
        return bounded;
    }
}
