package org.oozieha.fence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.oozieha.cluster.Incarnation;

/**
 * {@link ServerRows} over JDBC, with a connection of its own for each call: Oozie's pool may be full of commits that wait for
 * what is done here.
 *
 * <p>Connecting takes at most 5 s, an answer 10 s, a row's lock 2 s. Thread-safe.
 */
public final class JdbcServerRows implements ServerRows {
    private static final int CONNECT_SECONDS = 5;
    private static final int ANSWER_SECONDS = 10;
    private static final int LOCK_SECONDS = 2;

    private final FenceTable table;
    private final String url;
    private final Properties login;

    public JdbcServerRows(FenceTable table, String url, String user, String password) {
        this.table = table;
        this.url = url;
        this.login = table.bounds(CONNECT_SECONDS, ANSWER_SECONDS);
        login.setProperty("user", user);
        login.setProperty("password", password);
    }

    /**
     * Creates the table if it is not there.
     *
     * @throws SQLException if it is not there and may not be created; the message has the statement
     */
    public void createTable() throws SQLException {
        try (Connection connection = connect()) {
            if (exists(connection)) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(table.createTable());
            } catch (SQLException e) {
                if (!exists(connection)) {
                    throw new SQLException(
                            "Table " + FenceTable.NAME
                                    + " does not exist and cannot be created with Oozie's own database"
                                    + " user: " + e.getMessage()
                                    + ". Let the owner of Oozie's schema run this, also printed by"
                                    + " 'oozie-ha sql': " + table.createTable() + ";",
                            e);
                }
            }
        }
    }

    private static boolean exists(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement
                    .executeQuery("select server_id, incarnation, fenced_at from " + FenceTable.NAME + " where 1 = 0")
                    .close();
            return true;
        } catch (SQLException missing) {
            return false;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, login);
    }

    @Override
    public void insert(Incarnation incarnation) throws SQLException {
        try (Connection connection = connect()) {
            if (count(connection, incarnation) > 0) {
                return;
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into " + FenceTable.NAME + " (server_id, incarnation) values (?, ?)")) {
                set(insert, incarnation);
                insert.executeUpdate();
            }
        }
    }

    private static int count(Connection connection, Incarnation incarnation) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select count(*) from " + FenceTable.NAME + " where server_id = ? and incarnation = ?")) {
            set(select, incarnation);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    @Override
    public List<Incarnation> unmarked() throws SQLException {
        try (Connection connection = connect();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(
                        "select server_id, incarnation from " + FenceTable.NAME + " where fenced_at is null")) {
            List<Incarnation> found = new ArrayList<>();
            while (rows.next()) {
                found.add(Incarnation.of(rows.getString(1), rows.getLong(2)));
            }
            return found;
        }
    }

    @Override
    public long highest(String serverId) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement(
                        "select max(incarnation) from " + FenceTable.NAME + " where server_id = ?")) {
            select.setString(1, serverId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Override
    public boolean mark(Incarnation departed) throws SQLException {
        try (Connection connection = connect();
                Statement bound = connection.createStatement();
                PreparedStatement update =
                        connection.prepareStatement("update " + FenceTable.NAME + " set fenced_at = current_timestamp"
                                + " where server_id = ? and incarnation = ? and fenced_at is null")) {
            bound.execute(table.lockTimeout(LOCK_SECONDS));
            set(update, departed);
            update.executeUpdate();
            return true;
        } catch (SQLException e) {
            if (table.isLockTimeout(e)) {
                return false;
            }
            throw e;
        }
    }

    /** True if the row of {@code incarnation} is there and marked: nothing is committed under it any more. */
    public boolean isMarked(Incarnation incarnation) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement("select count(*) from " + FenceTable.NAME
                        + " where server_id = ? and incarnation = ? and fenced_at is not null")) {
            set(select, incarnation);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1) > 0;
            }
        }
    }

    /** Sets the first two parameters. */
    static void set(PreparedStatement statement, Incarnation incarnation) throws SQLException {
        statement.setString(1, incarnation.serverId());
        statement.setLong(2, incarnation.number());
    }
}
