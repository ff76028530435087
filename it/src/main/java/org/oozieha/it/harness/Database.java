package org.oozieha.it.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One database with Oozie's schema. Thread-safe: each call has a connection of its own. */
public final class Database {
    private final String name;
    private final int port;

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
        try (Connection connection = connect();
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<String[]> result = new ArrayList<>();
            while (rows.next()) {
                String[] row = new String[rows.getMetaData().getColumnCount()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = rows.getString(i + 1);
                }
                result.add(row);
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException("failed: " + sql, e);
        }
    }

    /** The first column of the only row, as a number. */
    public long number(String sql, Object... parameters) {
        return Long.parseLong(query(sql, parameters).get(0)[0]);
    }

    public void execute(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("failed: " + sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(urlFor("harness"), "postgres", "postgres");
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
