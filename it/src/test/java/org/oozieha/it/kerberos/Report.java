package org.oozieha.it.kerberos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.rules.Stopwatch;
import org.junit.runner.Description;

/** What a class of tests showed, in {@code it/target/kerberos-reports/<class>.md}: a row for each test with its time, then the figures. */
public final class Report extends Stopwatch {
    private final Path file;
    private final List<String> rows = new ArrayList<>(Arrays.asList("| test | time | |", "|---|---|---|"));
    private final List<String> figures = new ArrayList<>(Arrays.asList(""));

    private Report(Path file) {
        this.file = file;
    }

    /** An empty one. */
    static Report of(Class<?> tests) {
        Path dir = Paths.get(System.getProperty("it.basedir", ""), "target", "kerberos-reports");
        try {
            return new Report(Files.createDirectories(dir).resolve(tests.getSimpleName() + ".md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints a line and keeps it. */
    void figure(String line) {
        System.out.println(line);
        keep(Arrays.asList(line));
    }

    /** Keeps many lines. */
    void keep(List<String> lines) {
        lines.forEach(line -> figures.add("    " + line));
        write();
    }

    @Override
    protected void succeeded(long nanos, Description test) {
        row(nanos, test, "passed");
    }

    @Override
    protected void failed(long nanos, Throwable failure, Description test) {
        row(nanos, test, "FAILED: " + failure.toString().replaceAll("\\s+", " "));
    }

    private void row(long nanos, Description test, String result) {
        rows.add(String.format(
                Locale.ROOT, "| %s | %.1f s | %s |", test.getMethodName().replace('_', ' '), nanos / 1e9, result));
        write();
    }

    private void write() {
        List<String> all = new ArrayList<>(rows);
        all.addAll(figures);
        try {
            Files.write(file, all, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
