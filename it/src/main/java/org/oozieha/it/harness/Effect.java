package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One line a server's recording file system wrote down and forced to disk: before or after a change of a file, by which
 * server and incarnation, for which job and action. Immutable.
 */
public final class Effect {
    private static final int COLUMNS = 8;

    private final String[] columns;

    private Effect(String[] columns) {
        this.columns = columns;
    }

    /** All effects of all servers in the order of their clocks; a torn last line of a killed server is left out. */
    static List<Effect> readAll(Path dir) {
        List<Effect> effects = new ArrayList<>();
        for (Path file : Directories.list(dir, "", ".tsv")) {
            try {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    String[] columns = line.split("\t", -1);
                    if (columns.length == COLUMNS) {
                        effects.add(new Effect(columns));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        effects.sort(Comparator.comparingLong(Effect::atMillis));
        return effects;
    }

    /** Wall clock, milliseconds since the epoch. */
    public long atMillis() {
        return Long.parseLong(columns[0]);
    }

    /** Whether the change had happened. */
    public boolean isDone() {
        return columns[1].equals("after");
    }

    /** mkdirs, delete, rename, create. */
    public String operation() {
        return columns[2];
    }

    public String server() {
        return columns[3];
    }

    /** The start of the server's JVM, milliseconds since the epoch: another one for each restart. */
    public String incarnation() {
        return columns[4];
    }

    public String job() {
        return columns[5];
    }

    public String action() {
        return columns[6];
    }

    public String path() {
        return columns[7];
    }

    @Override
    public String toString() {
        return String.join(" ", columns);
    }
}
