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
        ChildProcess process = ChildProcess.start(
                "oozie-" + CALLS.incrementAndGet(),
                dir,
                words(cluster.balancer().url(), command, Arrays.asList(options)));
        int exit = process.awaitExit(Duration.ofSeconds(60));
        if (exit != 0) {
            throw new IllegalStateException("oozie " + command + " ended with " + exit + ":\n" + process.tail());
        }
        return process.tail();
    }

    /** Runs it against one server; what has not ended within the bound is ended. */
    public Answer ask(OozieServer server, Duration bound, String command, String... options) {
        long begun = System.nanoTime();
        List<String> words = words(server.url(), command, Arrays.asList(options));
        ChildProcess process = ChildProcess.start(
                "oozie-" + CALLS.incrementAndGet(), cluster.workspace().dir("commands"), words);
        long end = begun + bound.toNanos();
        Waiting.until(
                "oozie " + command + " ends, or has had its time",
                bound.multipliedBy(2),
                () -> !process.isAlive() || System.nanoTime() > end);
        boolean ended = !process.isAlive();
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        if (!ended) {
            process.kill();
        }
        return new Answer(ended, millis, process.tail());
    }

    /** The same as one line for a shell. */
    public String line(String command, String... options) {
        List<String> words = words(cluster.balancer().url(), command, Arrays.asList(options));
        words.set(words.indexOf("-cp") + 1, "'" + cluster.toolClassPath() + "'");
        return String.join(" ", words);
    }

    private List<String> words(String url, String command, List<String> options) {
        List<String> words = new ArrayList<>(Arrays.asList(
                ChildProcess.java(), "-cp", cluster.toolClassPath(), "org.apache.oozie.cli.OozieCLI", command));
        words.addAll(Arrays.asList("-oozie", url));
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

    /** What a command came to. Immutable. */
    public static final class Answer {
        private final boolean ended;
        private final long millis;
        private final String printed;

        private Answer(boolean ended, long millis, String printed) {
            this.ended = ended;
            this.millis = millis;
            this.printed = printed;
        }

        /** False if it was ended after its time. */
        public boolean hasEnded() {
            return ended;
        }

        /** From before the start of its JVM to its end. */
        public long millis() {
            return millis;
        }

        public String printed() {
            return printed;
        }
    }
}
