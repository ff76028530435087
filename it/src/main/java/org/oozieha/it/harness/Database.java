package org.oozieha.it.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One database with Oozie's schema. Thread-safe: calls take turns on one connection. */
public final class Database implements AutoCloseable {
    private final String name;
    private final int port;
    private Connection kept;

    Database(String name, int port) {
        this.name = name;
        this.port = port;
    }

    /** The JDBC URL for one user of the database; the user's name becomes PostgreSQL's application_name. */
    public String urlFor(String applicationName) {
        return urlFor(applicationName, port);
    }

    /** The same through a proxy on that port. */
    String urlFor(String applicationName, int throughPort) {
        return "jdbc:postgresql://127.0.0.1:" + throughPort + "/" + name + "?ApplicationName=" + applicationName;
    }

    public int port() {
        return port;
    }

    /** The rows of a query, each column as text. */
    public List<String[]> query(String sql, Object... parameters) {
        return withStatement(sql, parameters, statement -> {
            List<String[]> result = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String[] row = new String[rows.getMetaData().getColumnCount()];
                    for (int i = 0; i < row.length; i++) {
                        row[i] = rows.getString(i + 1);
                    }
                    result.add(row);
                }
            }
            return result;
        });
    }

    /** The first column of the only row, as a number. */
    public long number(String sql, Object... parameters) {
        return Long.parseLong(query(sql, parameters).get(0)[0]);
    }

    public void execute(String sql, Object... parameters) {
        withStatement(sql, parameters, PreparedStatement::execute);
    }

    /** On a kept connection if it still works, else on a new one: a database that was restarted ended it. */
    private synchronized <T> T withStatement(String sql, Object[] parameters, Use<T> use) {
        try {
            if (kept == null || !kept.isValid(2)) {
                kept = DriverManager.getConnection(urlFor("harness"), "postgres", "postgres");
            }
            try (PreparedStatement statement = kept.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                return use.of(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("failed: " + sql, e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (kept != null) {
                kept.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close the connection to " + name, e);
        }
    }

    /** What is done with a statement. */
    @FunctionalInterface
    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }
}
