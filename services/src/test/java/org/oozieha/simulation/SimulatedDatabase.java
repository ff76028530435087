package org.oozieha.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows with a version; as in Oozie, a write says which row, not which version it was made from. Confined to who runs. */
final class SimulatedDatabase {
    final ServerTable servers = new ServerTable();
    private final TreeMap<String, Row> rows = new TreeMap<>();
    private boolean down;

    boolean isDown() {
        return down;
    }

    void down(boolean now) {
        down = now;
    }

    Row read(String id) {
        return rows.get(id);
    }

    void write(Row row) {
        rows.put(row.id, row);
    }

    List<Row> unfinishedJobs() {
        List<Row> found = new ArrayList<>();
        for (Row row : rows.values()) {
            if (row.isJob() && !row.isFinished()) {
                found.add(row);
            }
        }
        return found;
    }

    SortedMap<String, Row> after(String id) {
        return rows.tailMap(id, false);
    }

    Iterable<Row> all() {
        return rows.values();
    }
}
