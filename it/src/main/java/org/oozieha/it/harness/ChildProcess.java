package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process that cannot outlive this JVM, paused or not: whatever ends this JVM in an orderly way, Ctrl-C included, kills
 * it. Its output goes to {@code <dir>/<name>.out}. Thread-safe.
 */
public final class ChildProcess {
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "kill-child-processes"));
    }

    private final String name;
    private final Path output;
    private final Process process;
    private final long pid;

    private ChildProcess(String name, Path output, Process process, long pid) {
        this.name = name;
        this.output = output;
        this.process = process;
        this.pid = pid;
    }

    /** Starts the command in the directory; returns when the process runs, not when it is ready. */
    public static ChildProcess start(String name, Path dir, List<String> command) {
        try {
            Files.createDirectories(dir);
            Path pidFile = dir.resolve(name + ".pid");
            Files.deleteIfExists(pidFile);
            Path output = dir.resolve(name + ".out");
            List<String> shell = new ArrayList<>(
                    Arrays.asList("/bin/sh", "-c", "echo $$ > \"$0\"; exec \"$@\"", pidFile.toString()));
            shell.addAll(command);
            Process process = new ProcessBuilder(shell)
                    .directory(dir.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            ALIVE.add(process);
            process.getOutputStream().close();
            long pid = Waiting.forValue("process id of " + name, Duration.ofSeconds(10), () -> pidIn(pidFile));
            return new ChildProcess(name, output, process, pid);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + " in " + dir, e);
        }
    }

    /** The command line's first word: the Java that runs this JVM. */
    public static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    private static Long pidIn(Path file) throws IOException {
        String text = Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).trim() : "";
        return text.isEmpty() ? null : Long.valueOf(text);
    }

    public long pid() {
        return pid;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}; returns when the process is gone. Works on a paused process. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGSTOP: the process keeps its connections and answers nothing. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    /** SIGTERM, and {@link #kill()} if the process is still there after the bound. Returns whether it left by itself. */
    public boolean terminate(Duration bound) {
        process.destroy();
        if (exitsWithin(bound)) {
            return true;
        }
        kill();
        return false;
    }

    /** The exit code, once the process ended within the bound. */
    public int awaitExit(Duration bound) {
        if (!exitsWithin(bound)) {
            throw new IllegalStateException(
                    name + " (process " + pid + ") did not end within " + bound + ": " + tail());
        }
        return process.exitValue();
    }

    /** The last lines of its output, for messages. */
    public String tail() {
        try {
            List<String> lines = Files.readAllLines(output, StandardCharsets.ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "no output: " + e;
        }
    }

    private boolean exitsWithin(Duration bound) {
        try {
            boolean ended = process.waitFor(Waiting.scaled(bound).toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                ALIVE.remove(process);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the end of " + name, e);
        }
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill -" + signal + " " + pid + " (" + name + ") failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling " + name, e);
        }
    }

    @Override
    public String toString() {
        return name + " (process " + pid + ")";
    }
}
