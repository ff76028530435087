package org.oozieha.hcat.waiting;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** A partition that actions wait for, as a URI names it; with no keys, the table itself. Immutable; equal when the URIs are. */
public final class Dependency {
    private final Table table;
    private final Map<String, String> partition;
    private final String uri;

    /**
     * @param partition key to value; keys are compared without case, as Hive does
     * @param uri as it is recorded for the action
     */
    public Dependency(Table table, Map<String, String> partition, String uri) {
        this.table = Objects.requireNonNull(table, "table");
        this.partition = Collections.unmodifiableMap(lowerCaseKeys(partition));
        this.uri = Objects.requireNonNull(uri, "uri");
    }

    static Map<String, String> lowerCaseKeys(Map<String, String> partition) {
        Map<String, String> same = new TreeMap<>();
        partition.forEach((key, value) -> same.put(key.toLowerCase(Locale.ROOT), value));
        return same;
    }

    public Table table() {
        return table;
    }

    Set<String> keys() {
        return partition.keySet();
    }

    Map<String, String> partition() {
        return partition;
    }

    public String uri() {
        return uri;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Dependency && ((Dependency) o).uri.equals(uri) && ((Dependency) o).table.equals(table);
    }

    @Override
    public int hashCode() {
        return uri.hashCode();
    }

    @Override
    public String toString() {
        return uri;
    }
}
