package org.oozieha.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oozieha.cluster.Incarnation;

/** OOZIE_HA_SERVER: a row for each incarnation, its mark, and the transactions that share its lock. */
final class ServerTable {
    private final Map<Incarnation, Entry> rows = new LinkedHashMap<>();

    void insert(Incarnation incarnation) {
        rows.putIfAbsent(incarnation, new Entry());
    }

    List<Incarnation> unmarked() {
        List<Incarnation> found = new ArrayList<>();
        rows.forEach((incarnation, row) -> {
            if (!row.marked) {
                found.add(incarnation);
            }
        });
        return found;
    }

    boolean isMarked(Incarnation incarnation) {
        Entry row = rows.get(incarnation);
        return row != null && row.marked;
    }

    /** False while a transaction has the row's lock. */
    boolean mark(Incarnation incarnation) {
        Entry row = rows.get(incarnation);
        row.marked |= row.sharers.isEmpty();
        return row.marked;
    }

    /** The share-locking SELECT: false if there is no unmarked row. */
    boolean share(Incarnation incarnation, Transaction transaction) {
        Entry row = rows.get(incarnation);
        if (row == null || row.marked) {
            return false;
        }
        row.sharers.add(transaction);
        return true;
    }

    void end(Transaction transaction) {
        rows.values().forEach(row -> row.sharers.remove(transaction));
    }

    private static final class Entry {
        private final Set<Transaction> sharers = new HashSet<>();
        private boolean marked;
    }
}
