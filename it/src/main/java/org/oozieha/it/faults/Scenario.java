package org.oozieha.it.faults;

import java.util.List;
import java.util.Map;

/** A fault and what is measured around it. Stateless: runs of several sides go on at the same time. */
interface Scenario {
    /** One word, for keys and directories. */
    String name();

    /** What is done, for readers of the report. */
    String title();

    List<Measure> measures();

    /** Whether stock Oozie is put through it as well. */
    default boolean withStock() {
        return true;
    }

    /** Does it once, on a cluster of its own. */
    Map<String, Number> run(Arena arena);
}
