package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * One stock Oozie server in a JVM of its own. Its home, and with it configuration and logs, survives {@link #kill()}, so
 * that {@link #start()} is what a supervisor's restart is.
 */
public final class OozieServer {
    private static final Duration START = Duration.ofSeconds(90);

    private final String id;
    private final OozieHome home;
    private final String url;
    private final HaServices services;
    private final List<String> environment;
    private final List<String> javaOptions;
    private final boolean login;
    private ChildProcess process;

    /** @param environment {@code NAME=value} each */
    OozieServer(
            String id,
            OozieHome home,
            String url,
            HaServices services,
            List<String> environment,
            List<String> javaOptions,
            boolean login) {
        this.id = id;
        this.home = home;
        this.url = url;
        this.services = services;
        this.environment = environment;
        this.javaOptions = javaOptions;
        this.login = login;
    }

    /** Starts the JVM; {@link #awaitReady()} tells when it answers. */
    public void start() {
        List<String> command = new ArrayList<>();
        if (!environment.isEmpty()) {
            command.add("env");
            command.addAll(environment);
        }
        command.addAll(Arrays.asList(
                ChildProcess.java(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + home.tmp(),
                "-Doozie.home.dir=" + home.dir(),
                "-Doozie.config.dir=" + home.conf(),
                "-Doozie.log.dir=" + home.logs(),
                "-Doozie.data.dir=" + home.data(),
                "-Doozie.instance.id=" + id,
                "-Doozie.config.file=oozie-site.xml",
                "-Doozie.log4j.file=oozie-log4j.properties",
                "-Doozie.log4j.reload=10"));
        command.addAll(javaOptions);
        command.addAll(Arrays.asList("-cp", home.classPath(), "org.apache.oozie.server.EmbeddedOozieServer"));
        process = ChildProcess.start("oozie", home.dir(), command);
    }

    /** Returns once the server answers; fails early, with its last output, when it ends instead. */
    public void awaitReady() {
        Waiting.until(id + " answers or ends", START, () -> !process.isAlive() || isReady());
        if (!process.isAlive()) {
            throw new IllegalStateException(id + " ended during its start; see " + home.dir() + ":\n" + process.tail());
        }
    }

    /** Whether the server answers and is in normal mode; where it asks for a login, whether it wants requests. */
    public boolean isReady() {
        if (login) {
            return Http.status(healthUrl(), Duration.ofSeconds(5)) == 200;
        }
        return Http.get(url() + "/v1/admin/status", Duration.ofSeconds(5)).contains("NORMAL");
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** {@code kill -9}; works on a paused server too. */
    public void kill() {
        process.kill();
    }

    /** SIGSTOP. */
    public void pause() {
        process.pause();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    /** SIGTERM, as {@code oozied.sh stop} sends it. Returns whether the server ended by itself. */
    public boolean stop() {
        return process == null || process.terminate(Duration.ofSeconds(90));
    }

    /** Ends the server in whatever state it is. */
    void discard() {
        if (isAlive()) {
            process.kill();
        }
    }

    /** {@code oozie.instance.id}. */
    public String id() {
        return id;
    }

    /** The server's own URL, not the balancer's. */
    public String url() {
        return url;
    }

    public int port() {
        return URI.create(url).getPort();
    }

    public String healthUrl() {
        return url() + services.healthPath();
    }

    public HaServices services() {
        return services;
    }

    public long pid() {
        return process.pid();
    }

    /** The lines of all its {@code oozie.log} files, the older files first. */
    public List<String> logLines() {
        return lines(Directories.list(home.logs(), "oozie.log", ""));
    }

    private static List<String> lines(Collection<Path> files) {
        List<Path> ordered = new ArrayList<>(files);
        // The current file has no suffix and sorts first, but holds the newest lines.
        ordered.sort((a, b) -> Integer.compare(suffixFirst(a), suffixFirst(b)));
        List<String> lines = new ArrayList<>();
        for (Path file : ordered) {
            try {
                lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return lines;
    }

    private static int suffixFirst(Path file) {
        return file.getFileName().toString().equals("oozie.log") ? 1 : 0;
    }

    /** Appends lines to its {@code oozie.log} as if it had written them. */
    public void appendToLog(List<String> lines) {
        try {
            Files.write(home.logs().resolve("oozie.log"), lines, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the process wrote to its output. */
    public String output() {
        return process.tail();
    }

    /** Its home: {@code OOZIE_HOME}. */
    public Path home() {
        return home.dir();
    }

    /** The options its JVM has beside those of every server. */
    public List<String> javaOptions() {
        return Collections.unmodifiableList(javaOptions);
    }

    public Path logs() {
        return home.logs();
    }

    @Override
    public String toString() {
        return id + " at " + url();
    }
}
