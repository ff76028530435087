package org.oozieha.it.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Oozie's own command line, in a JVM of its own, against the load balancer. */
public final class OozieCommand {
    private static final AtomicInteger CALLS = new AtomicInteger();

    private final Cluster cluster;

    public OozieCommand(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Runs {@code oozie <command> -oozie <balancer> <options>} and returns what it printed. */
    public String run(String command, String... options) {
        Path dir = cluster.workspace().dir("commands");
        ChildProcess process =
                ChildProcess.start("oozie-" + CALLS.incrementAndGet(), dir, words(command, Arrays.asList(options)));
        int exit = process.awaitExit(Duration.ofSeconds(60));
        if (exit != 0) {
            throw new IllegalStateException("oozie " + command + " ended with " + exit + ":\n" + process.tail());
        }
        return process.tail();
    }

    /** The same as one line for a shell. */
    public String line(String command, String... options) {
        List<String> words = words(command, Arrays.asList(options));
        words.set(words.indexOf("-cp") + 1, "'" + cluster.toolClassPath() + "'");
        return String.join(" ", words);
    }

    private List<String> words(String command, List<String> options) {
        List<String> words = new ArrayList<>(Arrays.asList(
                ChildProcess.java(), "-cp", cluster.toolClassPath(), "org.apache.oozie.cli.OozieCLI", command));
        words.addAll(Arrays.asList("-oozie", cluster.balancer().url()));
        words.addAll(options);
        return words;
    }

    /** The lines of an output that have the text. */
    public static List<String> linesWith(String output, String text) {
        List<String> lines = new ArrayList<>();
        for (String line : output.split("\n")) {
            if (line.contains(text)) {
                lines.add(line);
            }
        }
        return Collections.unmodifiableList(lines);
    }
}
