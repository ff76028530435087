package org.oozieha.it.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;

/** A fault and what is measured around it. Stateless: runs of several sides go on at the same time. */
interface Scenario {
    /** The session timeout T that all servers ask for. */
    Duration SESSION = Duration.ofSeconds(10);

    Duration TICK = Duration.ofSeconds(2);

    /** One word, for keys and directories. */
    String name();

    /** What is done, for readers of the report. */
    String title();

    List<Measure> measures();

    /** Whether stock Oozie is put through it as well. */
    default boolean withStock() {
        return true;
    }

    /** Whether it keeps the machine busy; at most one such runs at a time, beside others that mostly wait. */
    default boolean isHeavy() {
        return false;
    }

    /** Whether this machine has what it takes; else it is left out. */
    default boolean isPossible() {
        return true;
    }

    /** How often it is done with each side when so many repetitions are asked for. */
    default int runs(int repetitions) {
        return repetitions;
    }

    /** The cluster it wants: one for all its runs of one side, made whole between them. */
    default ClusterSettings settings(HaServices side) {
        return new ClusterSettings().servers(3, side).session(SESSION).manyAtOnce();
    }

    /** Does it once. Leaves no fault behind; servers may be down. */
    Map<String, Number> run(Arena arena);
}
