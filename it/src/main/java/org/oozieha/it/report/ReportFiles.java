package org.oozieha.it.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code report.md}, {@code report.html} and {@code report.json} of one run. */
public final class ReportFiles {
    private final Path dir;

    public ReportFiles(Path dir) {
        this.dir = dir;
    }

    /** Writes all three; older ones are replaced. */
    public void write(String markdown, String html, Figures figures) {
        write("report.md", markdown);
        write("report.html", html);
        write("report.json", figures.json());
    }

    private void write(String name, String text) {
        try {
            Files.createDirectories(dir);
            Files.write(dir.resolve(name), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + dir.resolve(name), e);
        }
    }

    public Path html() {
        return dir.resolve("report.html");
    }
}
