package org.oozieha.it.demo;

import java.time.Duration;
import org.oozieha.it.harness.Takeover;
import org.oozieha.it.harness.Workload;

/** What happened in one run of the demo, with its times. Immutable. */
final class DemoStory {
    private final Workload workload;
    private final Takeover takeover;
    private final Duration startTook;
    private final Duration departed;
    private final Duration takenOver;
    private final long firstSubmissionMillis;
    private final long finishedMillis;
    private final long backMillis;

    DemoStory(
            Workload workload,
            Takeover takeover,
            Duration startTook,
            Duration departed,
            Duration takenOver,
            long firstSubmissionMillis,
            long finishedMillis,
            long backMillis) {
        this.workload = workload;
        this.takeover = takeover;
        this.startTook = startTook;
        this.departed = departed;
        this.takenOver = takenOver;
        this.firstSubmissionMillis = firstSubmissionMillis;
        this.finishedMillis = finishedMillis;
        this.backMillis = backMillis;
    }

    Workload workload() {
        return workload;
    }

    Takeover takeover() {
        return takeover;
    }

    Duration startTook() {
        return startTook;
    }

    /** From the kill until ZooKeeper dropped the victim. */
    Duration departed() {
        return departed;
    }

    /** From the kill until another server wrote one of the jobs the victim had locked. */
    Duration takenOver() {
        return takenOver;
    }

    long firstSubmissionMillis() {
        return firstSubmissionMillis;
    }

    long finishedMillis() {
        return finishedMillis;
    }

    long backMillis() {
        return backMillis;
    }
}
