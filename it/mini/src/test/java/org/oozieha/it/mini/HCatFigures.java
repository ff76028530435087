package org.oozieha.it.mini;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Collections;

/** What tests of HCatalog measured, a line each: {@code target/hcat.md}. */
final class HCatFigures {
    private static final Path FILE = Paths.get(System.getProperty("mini.target"), "hcat.md");

    private HCatFigures() {}

    static synchronized void put(String side, String situation, String figure) throws IOException {
        Files.write(
                FILE,
                Collections.singletonList("| " + side + " | " + situation + " | " + figure + " |"),
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
