package org.oozieha.it.faults;

import java.time.Duration;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Narrator;
import org.oozieha.it.harness.Workspace;

/** Where one run of a scenario happens: whose services, its directory, its number, and who listens. Immutable. */
final class Arena {
    static final Duration SESSION = Duration.ofSeconds(10);

    private final HaServices side;
    private final int number;
    private final Workspace workspace;
    private final Narrator narrator;

    Arena(HaServices side, int number, Workspace workspace, Narrator narrator) {
        this.side = side;
        this.number = number;
        this.workspace = workspace;
        this.narrator = narrator;
    }

    HaServices side() {
        return side;
    }

    boolean isPack() {
        return side == HaServices.PACK;
    }

    /** From 1. */
    int number() {
        return number;
    }

    /** Three servers of this side, sessions of 10 s, Oozie's own intervals at their defaults. */
    ClusterSettings settings() {
        return new ClusterSettings().servers(3, side).session(SESSION).manyAtOnce();
    }

    Cluster start(ClusterSettings settings) {
        return Cluster.start(workspace, settings, Narrator.SILENT);
    }

    void says(String line) {
        narrator.says(line);
    }
}
