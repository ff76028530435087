package org.oozieha.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Clocks of processes that are ahead of this machine's or behind it: a library of a few lines of C before the system's own. */
public final class ClockSkew {
    private static final String SOURCE = "clockskew.c";

    private ClockSkew() {}

    /** Whether this machine has a C compiler. */
    public static boolean isPossible() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(dir -> Files.isExecutable(Paths.get(dir, "cc")));
    }

    /** The environment, {@code NAME=value} each, of a process whose clock is that far ahead; whole seconds. */
    static List<String> environment(Workspace workspace, Duration ahead) {
        Path library = workspace.dir("clock").resolve("libclockskew.so");
        if (!Files.exists(library)) {
            compile(workspace, library);
        }
        return Arrays.asList("LD_PRELOAD=" + library, "CLOCK_SKEW_SECONDS=" + ahead.getSeconds());
    }

    private static void compile(Workspace workspace, Path library) {
        Path source = workspace.dir("clock").resolve(SOURCE);
        try (InputStream in = ClockSkew.class.getResourceAsStream("/" + SOURCE)) {
            Files.copy(in, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChildProcess compiler = ChildProcess.start(
                "cc",
                workspace.dir("clock"),
                Arrays.asList("cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString()));
        if (compiler.awaitExit(Duration.ofSeconds(30)) != 0) {
            throw new IllegalStateException("cc failed:\n" + compiler.tail());
        }
    }
}
