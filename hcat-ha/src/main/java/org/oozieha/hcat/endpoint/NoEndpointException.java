package org.oozieha.hcat.endpoint;

import java.util.Map;

/** No server of a cluster could be reached; an operator must look at them. */
public final class NoEndpointException extends Exception {
    private static final long serialVersionUID = 1L;

    NoEndpointException(String cluster, String where, Map<Choice, String> tried, Throwable last) {
        super(
                tried.isEmpty()
                        ? "no server of cluster " + cluster + " is registered: " + where
                                + " is empty. Start one, or correct oozie.ha.hcat.clusters"
                        : "no server of cluster " + cluster + " could be reached, from " + where + ": tried " + tried
                                + ". Start one of them, or correct oozie.ha.hcat.clusters",
                last);
    }
}
