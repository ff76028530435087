package org.oozieha.fence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.oozieha.cluster.Incarnation;

/** The share-locking SELECT at the end of a transaction. Stateless. */
public final class RowLock {
    private final FenceTable table;

    public RowLock(FenceTable table) {
        this.table = table;
    }

    /**
     * Locks the row of {@code incarnation} as {@link #take} does and, where the database can do both in one request, commits the
     * connection's transaction with it: then the row is never locked while nobody works on it, and what commits afterwards finds
     * nothing to do.
     *
     * @return false if the row is marked, or not there: the transaction can only be rolled back
     */
    public boolean passes(Connection connection, Incarnation incarnation) throws SQLException {
        Optional<String> commit = table.fencedCommit();
        return commit.isPresent() ? commits(connection, incarnation, commit.get()) : take(connection, incarnation);
    }

    private boolean commits(Connection connection, Incarnation incarnation, String commit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(commit)) {
            JdbcServerRows.set(statement, incarnation);
            statement.execute();
            return true;
        } catch (SQLException e) {
            if (table.isFenced(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Locks the row of {@code incarnation} against being marked, until the connection's transaction ends.
     *
     * @return false if the row is marked, or not there: nothing may be committed under it
     */
    public boolean take(Connection connection, Incarnation incarnation) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(table.shareLockingSelect())) {
            JdbcServerRows.set(select, incarnation);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }
}
