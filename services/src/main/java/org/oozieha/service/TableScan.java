package org.oozieha.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.oozieha.takeover.Pickup;
import org.oozieha.takeover.Scan;

/** A scan over one query; the first column is the row's id. */
final class TableScan implements Scan {
    private final String name;
    private final String columnsFrom;
    private final String where;
    private final String idColumn;
    private final String jobColumn;
    private final Supplier<Object[]> parameters;
    private final Function<Found, Pickup> pickup;

    /**
     * @param columnsFrom {@code select ... from ...}
     * @param where condition without the word
     * @param parameters names and values, asked for at each page
     * @param pickup null for a row that needs nothing
     */
    TableScan(
            String name,
            String columnsFrom,
            String where,
            String idColumn,
            String jobColumn,
            Supplier<Object[]> parameters,
            Function<Found, Pickup> pickup) {
        this.name = name;
        this.columnsFrom = columnsFrom;
        this.where = where;
        this.idColumn = idColumn;
        this.jobColumn = jobColumn;
        this.parameters = parameters;
        this.pickup = pickup;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Page page(String after, int limit, Set<String> jobs) {
        List<Object[]> rows = JobRows.page(
                columnsFrom + " where " + where, idColumn, jobColumn, after, limit, jobs, parameters.get());
        String reread = columnsFrom + " where " + idColumn + " = :id";
        List<Pickup> found = new ArrayList<>();
        for (Object[] row : rows) {
            Pickup next = pickup.apply(new Found(row, reread));
            if (next != null) {
                found.add(next);
            }
        }
        return rows.size() < limit ? Page.last(found) : Page.of(found, (String) rows.get(rows.size() - 1)[0]);
    }

    /** A row of the query, and the JPQL that reads it again by its id. */
    static final class Found {
        final Object[] row;
        final String reread;

        Found(Object[] row, String reread) {
            this.row = row;
            this.reread = reread;
        }

        String text(int column) {
            return (String) row[column];
        }

        int number(int column) {
            return ((Number) row[column]).intValue();
        }

        /** Milliseconds since the epoch; the given value for null. */
        long time(int column, long otherwise) {
            return row[column] == null ? otherwise : ((java.util.Date) row[column]).getTime();
        }
    }
}
