package org.oozieha.fence;

import java.util.Objects;
import org.oozieha.cluster.Incarnation;

/** The answer to "may this thread commit?". Immutable. */
public final class Verdict {
    private enum Kind {
        COMMIT,
        WAIT,
        VETO
    }

    private final Kind kind;
    private final String reason;
    private final Incarnation incarnation;

    private Verdict(Kind kind, String reason, Incarnation incarnation) {
        this.kind = kind;
        this.reason = Objects.requireNonNull(reason, "reason");
        this.incarnation = incarnation;
    }

    static Verdict commit(Incarnation incarnation) {
        return new Verdict(Kind.COMMIT, "", incarnation);
    }

    static Verdict notYet(String reason) {
        return new Verdict(Kind.WAIT, reason, null);
    }

    static Verdict veto(String reason) {
        return new Verdict(Kind.VETO, reason, null);
    }

    public boolean mayCommit() {
        return kind == Kind.COMMIT;
    }

    /** True if it may change for the better within a bounded time: the lease has lapsed, the session may have survived. */
    public boolean mayWait() {
        return kind == Kind.WAIT;
    }

    /** Under which incarnation; null if it may not. */
    public Incarnation incarnation() {
        return incarnation;
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
