package org.oozieha.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was measured, a row for each situation and a column for each side: {@code target/hcat.md}. Not thread-safe. */
final class HCatTable {
    private final Map<String, Map<HCatSide, String>> rows = new LinkedHashMap<>();

    void put(HCatSide side, String situation, String figure) {
        rows.computeIfAbsent(situation, s -> new EnumMap<>(HCatSide.class)).put(side, figure);
        System.out.println("HCAT | " + side + " | " + situation + " | " + figure);
        write(Paths.get(System.getProperty("it.basedir", ""), "target", "hcat.md"));
    }

    private void write(Path file) {
        StringBuilder text = new StringBuilder("| seconds from the partition to READY |");
        for (HCatSide side : HCatSide.values()) {
            text.append(' ').append(side).append(" |");
        }
        text.append("\n|---|").append(String.join("", Collections.nCopies(HCatSide.values().length, "---|")));
        rows.forEach((situation, figures) -> {
            text.append("\n| ").append(situation).append(" |");
            for (HCatSide side : HCatSide.values()) {
                text.append(' ').append(figures.getOrDefault(side, "not run")).append(" |");
            }
        });
        try {
            Files.write(file, text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
