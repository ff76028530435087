package org.oozieha.cluster;

import java.util.Objects;

/** One registered server as the others see it. Immutable; equal when all fields are. */
public final class Member {
    private final Incarnation incarnation;
    private final ServerIdentity identity;
    private final ServerState state;
    private final long sessionTimeoutMs;
    private final long clockMs;

    /**
     * @param sessionTimeoutMs the session timeout negotiated by that server
     * @param clockMs that server's wall clock when it wrote this, milliseconds since the epoch
     */
    public Member(
            Incarnation incarnation, ServerIdentity identity, ServerState state, long sessionTimeoutMs, long clockMs) {
        this.incarnation = Objects.requireNonNull(incarnation, "incarnation");
        this.identity = Objects.requireNonNull(identity, "identity");
        this.state = Objects.requireNonNull(state, "state");
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.clockMs = clockMs;
        if (!incarnation.serverId().equals(identity.id())) {
            throw new IllegalArgumentException(incarnation + " is not an incarnation of " + identity.id());
        }
    }

    public String id() {
        return identity.id();
    }

    public String url() {
        return identity.url();
    }

    public Incarnation incarnation() {
        return incarnation;
    }

    public ServerIdentity identity() {
        return identity;
    }

    public ServerState state() {
        return state;
    }

    public long sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    public long clockMs() {
        return clockMs;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof Member)) {
            return false;
        }
        Member that = (Member) o;
        return incarnation.equals(that.incarnation)
                && state == that.state
                && sessionTimeoutMs == that.sessionTimeoutMs
                && clockMs == that.clockMs
                && identity.url().equals(that.identity.url())
                && identity.packVersion().equals(that.identity.packVersion())
                && identity.oozieVersion().equals(that.identity.oozieVersion())
                && identity.startedAtMs() == that.identity.startedAtMs();
    }

    @Override
    public int hashCode() {
        return Objects.hash(incarnation, state);
    }

    @Override
    public String toString() {
        return incarnation + " " + state;
    }
}
