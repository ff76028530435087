package org.oozieha.fence;

import java.util.Objects;

/** The answer to "may this thread commit?". Immutable. */
public final class Verdict {
    private enum Kind {
        COMMIT,
        WAIT,
        VETO
    }

    private static final Verdict COMMIT = new Verdict(Kind.COMMIT, "");

    private final Kind kind;
    private final String reason;

    private Verdict(Kind kind, String reason) {
        this.kind = kind;
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    static Verdict commit() {
        return COMMIT;
    }

    static Verdict notYet(String reason) {
        return new Verdict(Kind.WAIT, reason);
    }

    static Verdict veto(String reason) {
        return new Verdict(Kind.VETO, reason);
    }

    public boolean mayCommit() {
        return kind == Kind.COMMIT;
    }

    /** True if it may change for the better within a bounded time: the lease has lapsed, the session may have survived. */
    public boolean mayWait() {
        return kind == Kind.WAIT;
    }

    /** Why not; empty if it may. */
    public String reason() {
        return reason;
    }

    @Override
    public String toString() {
        return kind + (reason.isEmpty() ? "" : ": " + reason);
    }
}
