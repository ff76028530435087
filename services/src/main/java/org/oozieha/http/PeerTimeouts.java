package org.oozieha.http;

/** How long a call of another server may take, in milliseconds. Immutable. */
public final class PeerTimeouts {
    private final int connectMs;
    private final int readMs;
    private final int totalMs;

    /**
     * @param connectMs to connect ({@code oozie.ha.peer.connect.timeout.ms})
     * @param readMs silence after which the peer is asked for a sign of life ({@code oozie.ha.peer.read.timeout.ms})
     * @param totalMs to begin to answer, or to go on after a pause ({@code oozie.ha.peer.total.timeout.ms})
     */
    public PeerTimeouts(long connectMs, long readMs, long totalMs) {
        this.connectMs = positive("connect", connectMs);
        this.readMs = positive("read", readMs);
        this.totalMs = positive("total", totalMs);
    }

    public static PeerTimeouts defaults() {
        return new PeerTimeouts(2_000, 5_000, 20_000);
    }

    public int connectMs() {
        return connectMs;
    }

    public int readMs() {
        return readMs;
    }

    public int totalMs() {
        return totalMs;
    }

    private static int positive(String name, long ms) {
        if (ms <= 0 || ms > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "oozie.ha.peer." + name + ".timeout.ms = " + ms + ": 1 to " + Integer.MAX_VALUE + " is allowed");
        }
        return (int) ms;
    }

    @Override
    public String toString() {
        return "connect=" + connectMs + "ms read=" + readMs + "ms total=" + totalMs + "ms";
    }
}
