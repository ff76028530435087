package org.oozieha.cluster.zookeeper;

/** The server must not start; the message says what was tried, what was seen, and which property mends it. */
public final class ClusterStartException extends Exception {
    private static final long serialVersionUID = 1L;

    public ClusterStartException(String message) {
        super(message);
    }

    public ClusterStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
