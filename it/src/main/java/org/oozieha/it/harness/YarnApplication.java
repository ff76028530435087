package org.oozieha.it.harness;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One application of a {@link HadoopCluster} that is an Oozie launcher, at one instant. Immutable. */
public final class YarnApplication {
    private static final Pattern LAUNCHER = Pattern.compile("oozie:launcher:.*:A=(.*):ID=(.*)");

    private final String id;
    private final String name;
    private final String state;
    private final String finalStatus;
    private final long startedAtMillis;
    private final String diagnostics;

    YarnApplication(
            String id, String name, String state, String finalStatus, long startedAtMillis, String diagnostics) {
        this.id = id;
        this.name = name;
        this.state = state;
        this.finalStatus = finalStatus;
        this.startedAtMillis = startedAtMillis;
        this.diagnostics = diagnostics;
    }

    public String id() {
        return id;
    }

    /** The id of the workflow action it was submitted for. */
    public String action() {
        Matcher launcher = LAUNCHER.matcher(name);
        if (!launcher.matches()) {
            throw new IllegalStateException(id + " is no launcher of Oozie's: " + name);
        }
        return launcher.group(2) + "@" + launcher.group(1);
    }

    public boolean isOver() {
        return state.equals("FINISHED") || state.equals("FAILED") || state.equals("KILLED");
    }

    public boolean succeeded() {
        return finalStatus.equals("SUCCEEDED");
    }

    /** Wall clock of the resource manager, milliseconds since the epoch. */
    public long startedAtMillis() {
        return startedAtMillis;
    }

    @Override
    public String toString() {
        return id + " " + name + " " + state + " " + finalStatus + " "
                + diagnostics.trim().split("\n", 2)[0];
    }
}
