package org.oozieha.fence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.oozieha.cluster.Incarnation;

/** The share-locking SELECT within a committing transaction. Stateless. */
public final class RowLock {
    private final FenceTable table;

    public RowLock(FenceTable table) {
        this.table = table;
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
