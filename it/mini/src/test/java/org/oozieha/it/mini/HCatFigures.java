package org.oozieha.it.mini;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;

/**
 * What tests of HCatalog measured, a row each: {@code target/hcat.md}. The first row of a JVM, in which all classes of a run are, begins the
 * table anew.
 */
final class HCatFigures {
    private static final Path FILE = Paths.get(System.getProperty("mini.target"), "hcat.md");

    private static boolean begun;

    private HCatFigures() {}

    static synchronized void put(String side, String situation, String figure) throws IOException {
        if (!begun) {
            Files.write(FILE, Arrays.asList("| side | situation | figure |", "|---|---|---|"), StandardCharsets.UTF_8);
            begun = true;
        }
        Files.write(
                FILE,
                Collections.singletonList("| " + side + " | " + situation + " | " + figure + " |"),
                StandardCharsets.UTF_8,
                StandardOpenOption.APPEND);
    }
}
