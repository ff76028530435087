package org.oozieha.it.faults;

import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Narrator;
import org.oozieha.it.harness.Workload;

/** Where one run of a scenario happens: a whole cluster, whose services it has, the run's number, and who listens. Immutable. */
final class Arena {
    private final Cluster cluster;
    private final HaServices side;
    private final int number;
    private final Narrator narrator;

    Arena(Cluster cluster, HaServices side, int number, Narrator narrator) {
        this.cluster = cluster;
        this.side = side;
        this.number = number;
        this.narrator = narrator;
    }

    Cluster cluster() {
        return cluster;
    }

    HaServices side() {
        return side;
    }

    /** From 1. */
    int number() {
        return number;
    }

    /** A name that no other run on this cluster uses. */
    String unique(String name) {
        return name + "-" + number;
    }

    Workload workload() {
        return new Workload(cluster);
    }

    void says(String line) {
        narrator.says(line);
    }
}
