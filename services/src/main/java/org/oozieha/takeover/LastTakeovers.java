package org.oozieha.takeover;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;

/**
 * The last takeovers of all servers, newest last, one line of text each, shared by all servers.
 *
 * <p>Best effort: a line may be missing after an outage, none is there twice unless an answer was lost. Thread-safe; each call waits a
 * bounded time, so not for the cluster's event thread.
 */
public final class LastTakeovers {
    static final int KEPT = 20;
    private static final int ATTEMPTS = 5;
    private static final long WAIT_MS = 2_000;

    private final SharedValue value;

    public LastTakeovers(SharedValue value) {
        this.value = value;
    }

    /**
     * @param line without a line break
     * @return false if others were faster each time
     */
    public boolean add(String line) throws ClusterUnavailableException {
        for (int i = 0; i < ATTEMPTS; i++) {
            SharedValue.Version current = value.read(WAIT_MS);
            Deque<String> lines = new ArrayDeque<>(lines(current));
            lines.addLast(line.replace('\n', ' '));
            while (lines.size() > KEPT) {
                lines.removeFirst();
            }
            byte[] next = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
            if (value.compareAndSet(current, next, WAIT_MS)) {
                return true;
            }
        }
        return false;
    }

    public List<String> read() throws ClusterUnavailableException {
        return lines(value.read(WAIT_MS));
    }

    private static List<String> lines(SharedValue.Version version) {
        List<String> lines = new ArrayList<>();
        for (String line : new String(version.data(), StandardCharsets.UTF_8).split("\n")) {
            if (!line.isEmpty()) {
                lines.add(line);
            }
        }
        return lines;
    }
}
