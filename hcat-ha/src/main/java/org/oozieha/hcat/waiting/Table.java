package org.oozieha.hcat.waiting;

import java.util.Locale;
import java.util.Objects;

/** A table of a metastore. Names of databases and tables are compared as Hive does, without case. Immutable. */
public final class Table {
    private final String server;
    private final String database;
    private final String name;

    /** @param server the authority of its URIs, in one form for all of them */
    public Table(String server, String database, String name) {
        this.server = Objects.requireNonNull(server, "server");
        this.database = database.toLowerCase(Locale.ROOT);
        this.name = name.toLowerCase(Locale.ROOT);
    }

    public String server() {
        return server;
    }

    public String database() {
        return database;
    }

    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Table
                && ((Table) o).server.equals(server)
                && ((Table) o).database.equals(database)
                && ((Table) o).name.equals(name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(server, database, name);
    }

    @Override
    public String toString() {
        return server + '/' + database + '/' + name;
    }
}
