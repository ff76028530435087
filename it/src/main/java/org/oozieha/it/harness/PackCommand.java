package org.oozieha.it.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The distribution's command line, {@code bin/oozie-ha}, as an operator runs it on a server's host. Immutable. */
public final class PackCommand {
    private static final AtomicInteger CALLS = new AtomicInteger();

    private final int exit;
    private final String output;

    private PackCommand(int exit, String output) {
        this.exit = exit;
        this.output = output;
    }

    /** Runs it to its end with a server's configuration and the options of its JVM. */
    public static PackCommand run(Cluster cluster, OozieServer server, String... words) {
        List<String> command = new ArrayList<>(Arrays.asList(
                "/usr/bin/env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "OOZIE_HOME=" + server.home(),
                "OOZIE_HA_OPTS=" + String.join(" ", server.javaOptions()),
                cluster.workspace().packHome().resolve("bin/oozie-ha").toString()));
        command.addAll(Arrays.asList(words));
        ChildProcess process = ChildProcess.start(
                "oozie-ha-" + CALLS.incrementAndGet(), cluster.workspace().dir("commands"), command);
        int exit = process.awaitExit(Duration.ofSeconds(60));
        return new PackCommand(exit, process.tail());
    }

    /** 0 all is well, 1 findings, 2 cannot tell. */
    public int exit() {
        return exit;
    }

    /** What it printed. */
    public String output() {
        return output;
    }
}
