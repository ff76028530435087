package org.oozieha.config;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody probably meant, by edit distance. */
final class NearestName {
    private NearestName() {}

    /** The candidate with the fewest edits from {@code name}, if they are at most a third of its length. */
    static Optional<String> of(String name, Collection<String> candidates) {
        String best = null;
        int fewest = name.length() / 3 + 1;
        for (String candidate : candidates) {
            int edits = edits(name, candidate);
            if (edits < fewest) {
                fewest = edits;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
