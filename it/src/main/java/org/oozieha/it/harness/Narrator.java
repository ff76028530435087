package org.oozieha.it.harness;

/** Is told what is going on, for people who watch. */
@FunctionalInterface
public interface Narrator {
    /** Says nothing. */
    Narrator SILENT = line -> {};

    void says(String line);
}
