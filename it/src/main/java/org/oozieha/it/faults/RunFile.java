package org.oozieha.it.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.json.simple.JSONObject;
import org.json.simple.JSONValue;
import org.oozieha.it.report.Figures;

/** The figures of one run in a file of its own, so that a suite that was interrupted goes on where it was. */
final class RunFile {
    private final Path file;

    RunFile(Path dir, String name, int number) {
        file = dir.resolve(name + "." + number + ".json");
    }

    /** Empty if that run has not been done. */
    Optional<Map<String, Number>> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            Map<String, Number> figures = new LinkedHashMap<>();
            for (Object entry : ((JSONObject) JSONValue.parse(text)).entrySet()) {
                Map.Entry<?, ?> figure = (Map.Entry<?, ?>) entry;
                figures.put((String) figure.getKey(), (Number) figure.getValue());
            }
            return Optional.of(figures);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void write(Map<String, Number> figures) {
        Figures lines = new Figures();
        figures.forEach((name, value) -> lines.put(name, value, name));
        try {
            Files.createDirectories(file.getParent());
            Path unfinished = file.resolveSibling(file.getFileName() + ".part");
            Files.write(unfinished, lines.json().getBytes(StandardCharsets.UTF_8));
            Files.move(unfinished, file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
