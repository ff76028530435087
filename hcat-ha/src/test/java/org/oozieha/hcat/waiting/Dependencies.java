package org.oozieha.hcat.waiting;

import java.util.Map;
import java.util.TreeMap;

/** Dependencies on tables of one metastore, for tests. */
final class Dependencies {
    static final Table TABLE = new Table("h1:9083", "db", "t");

    private Dependencies() {}

    static Dependency on(String... keysAndValues) {
        Map<String, String> partition = partition(keysAndValues);
        return new Dependency(TABLE, partition, "hcat://h1:9083/db/t/" + partition);
    }

    static Map<String, String> partition(String... keysAndValues) {
        Map<String, String> partition = new TreeMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            partition.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return partition;
    }
}
