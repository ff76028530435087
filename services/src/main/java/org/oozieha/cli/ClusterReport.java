package org.oozieha.cli;

import java.util.List;
import java.util.Map;
import org.oozieha.cluster.Members;

/**
 * A look into the cluster that another jar of the pack adds to {@code oozie-ha} as a command; found by {@link java.util.ServiceLoader}.
 * Implementations have a public constructor without arguments, no state, and no class of Oozie or Hadoop.
 */
public interface ClusterReport {
    /** The command's name. */
    String name();

    String description();

    /** Paths within the cluster's namespace whose children the report wants. */
    List<String> directories();

    /**
     * @param directories child name to data, for each of {@link #directories}; damaged data is a finding, never an exception
     * @param nowMs wall clock, milliseconds since the epoch
     */
    ReportAnswer look(Members members, Map<String, Map<String, byte[]>> directories, long nowMs);
}
