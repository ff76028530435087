package org.oozieha.cluster.zookeeper;

import java.util.Objects;

/** Where the ensemble is and how this server uses it. Immutable. */
public final class ZkOptions {
    private final String connectionString;
    private final String namespace;
    private final int sessionTimeoutMs;
    private final int tickMs;
    private final long startupTimeoutMs;
    private final long incarnationFloor;
    private final ZkSecurity security;

    /**
     * @param connectionString {@code host:port,…[/chroot]}
     * @param namespace node below which everything is kept, without slashes at its ends
     * @param sessionTimeoutMs asked for; the ensemble may grant another
     * @param tickMs the ensemble's tickTime
     * @param startupTimeoutMs how long to wait for the ensemble at start; negative: for ever
     */
    public ZkOptions(
            String connectionString, String namespace, int sessionTimeoutMs, int tickMs, long startupTimeoutMs) {
        this(connectionString, namespace, sessionTimeoutMs, tickMs, startupTimeoutMs, 0, ZkSecurity.none());
    }

    private ZkOptions(
            String connectionString,
            String namespace,
            int sessionTimeoutMs,
            int tickMs,
            long startupTimeoutMs,
            long incarnationFloor,
            ZkSecurity security) {
        this.connectionString = Objects.requireNonNull(connectionString, "connectionString");
        this.namespace = Objects.requireNonNull(namespace, "namespace");
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.tickMs = tickMs;
        this.startupTimeoutMs = startupTimeoutMs;
        this.incarnationFloor = incarnationFloor;
        this.security = Objects.requireNonNull(security, "security");
    }

    /** The same, with a lowest number for this server's incarnations, above what is known of earlier ones from elsewhere. */
    public ZkOptions withIncarnationFloor(long floor) {
        return new ZkOptions(connectionString, namespace, sessionTimeoutMs, tickMs, startupTimeoutMs, floor, security);
    }

    /** The same, with login, protected znodes or encryption; without it there is none of them. */
    public ZkOptions withSecurity(ZkSecurity wanted) {
        return new ZkOptions(
                connectionString, namespace, sessionTimeoutMs, tickMs, startupTimeoutMs, incarnationFloor, wanted);
    }

    /** The ensemble as a whole: without chroot and namespace. */
    public ZkOptions withoutNamespace() {
        return new ZkOptions(
                connectionString.replaceFirst("/.*", ""),
                "",
                sessionTimeoutMs,
                tickMs,
                startupTimeoutMs,
                incarnationFloor,
                security);
    }

    long incarnationFloor() {
        return incarnationFloor;
    }

    String connectionString() {
        return connectionString;
    }

    /** The namespace's path, e.g. {@code /oozie}; empty for none. */
    String root() {
        return namespace.isEmpty() ? "" : '/' + namespace;
    }

    int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    int tickMs() {
        return tickMs;
    }

    long startupTimeoutMs() {
        return startupTimeoutMs;
    }

    ZkSecurity security() {
        return security;
    }
}
