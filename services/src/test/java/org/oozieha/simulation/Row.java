package org.oozieha.simulation;

/** A job, or an action of one ({@code <job>@<action>}), as the simulated database shows it. Immutable. */
final class Row {
    final String id;
    final int step;
    final int steps;
    /** The step in which two actions are forked; -1 for none. */
    final int forkAt;

    final boolean failed;
    final long version;

    private Row(String id, int step, int steps, int forkAt, boolean failed, long version) {
        this.id = id;
        this.step = step;
        this.steps = steps;
        this.forkAt = forkAt;
        this.failed = failed;
        this.version = version;
    }

    static Row job(String id, int steps, int forkAt) {
        return new Row(id, 0, steps, forkAt, false, 0);
    }

    static Row action(String id) {
        return new Row(id, 0, 1, -1, false, 0);
    }

    Row next() {
        return new Row(id, step + 1, steps, forkAt, failed, version + 1);
    }

    /** What a command's error handling writes. */
    Row failure() {
        return new Row(id, step, steps, forkAt, true, version + 1);
    }

    boolean isJob() {
        return id.indexOf('@') < 0;
    }

    boolean isFinished() {
        return failed || step >= steps;
    }

    boolean forksNow() {
        return step == forkAt;
    }

    @Override
    public String toString() {
        return id + " step " + step + "/" + steps + (failed ? " FAILED" : "") + " version " + version;
    }
}
