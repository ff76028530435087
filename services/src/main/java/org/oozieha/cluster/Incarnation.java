package org.oozieha.cluster;

import java.util.Objects;

/**
 * One life of one server: a session with the coordination service, from its registration to its end.
 *
 * <p>Numbers of one server id only grow, over restarts and over a wipe of the coordination service. So whoever sees
 * {@code (id, n)} registered knows that every {@code (id, m)} with {@code m < n} has gone for good. Immutable.
 */
public final class Incarnation {
    private final String serverId;
    private final long number;

    private Incarnation(String serverId, long number) {
        this.serverId = Objects.requireNonNull(serverId, "serverId");
        this.number = number;
    }

    public static Incarnation of(String serverId, long number) {
        return new Incarnation(serverId, number);
    }

    public String serverId() {
        return serverId;
    }

    public long number() {
        return number;
    }

    /** True if this is a later life of the same server. */
    public boolean supersedes(Incarnation other) {
        return serverId.equals(other.serverId) && number > other.number;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Incarnation
                && ((Incarnation) o).number == number
                && ((Incarnation) o).serverId.equals(serverId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(serverId, number);
    }

    /** {@code id#number}, the form of log lines. */
    @Override
    public String toString() {
        return serverId + '#' + number;
    }
}
