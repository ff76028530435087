package org.oozieha.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.SharedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a server left, shared by all: {@code /ha/departed/<id>} holds {@code <incarnation number> <milliseconds since the epoch>}.
 *
 * <p>Guarantee: the first record of an incarnation stays, so that no restart moves the time. What cannot be read is made anew. Each call
 * waits a bounded time, so not for the cluster's event thread. Thread-safe.
 */
final class DepartureRecord {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.log");
    private static final Pattern FORMAT = Pattern.compile("(\\d{1,18}) (\\d{1,18})");
    private static final long WAIT_MS = 2_000;

    private final Cluster cluster;

    DepartureRecord(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * The time by which this incarnation had left, milliseconds since the epoch.
     *
     * @param foundMs what is recorded if nothing is yet
     */
    long leftBy(Incarnation incarnation, long foundMs) throws ClusterUnavailableException {
        String path = "/ha/departed/" + incarnation.serverId();
        SharedValue value = cluster.value(path);
        SharedValue.Version version = value.read(WAIT_MS);
        String text = new String(version.data(), US_ASCII);
        Matcher record = FORMAT.matcher(text);
        if (record.matches()) {
            long number = Long.parseLong(record.group(1));
            if (number >= incarnation.number()) {
                return number == incarnation.number() ? Long.parseLong(record.group(2)) : foundMs;
            }
        } else if (version.exists()) {
            LOG.warn("The record of a departure cannot be read and is made anew: path={} found='{}'", path, text);
        }
        value.compareAndSet(version, (incarnation.number() + " " + foundMs).getBytes(US_ASCII), WAIT_MS);
        return foundMs; // also good if another server was first
    }
}
