package org.oozieha.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Predicate;
import javax.persistence.PersistenceException;
import org.apache.openjpa.persistence.OpenJPAEntityManager;
import org.oozieha.cluster.Incarnation;

/**
 * Mode {@code database}: besides what the {@link Fence} says, the committing transaction locks this incarnation's row in
 * OOZIE_HA_SERVER and finds it unmarked; where the database can do both in one request it commits with that.
 *
 * <p>Guarantee: nothing is committed under an incarnation whose row is marked; whoever marks it waits for the commits that were first. No
 * clock is trusted. On failure of the database the commit fails as any other does. Thread-safe.
 */
public final class DatabaseGate implements CommitGate {
    private final Fence fence;
    private final RowLock rowLock;
    private final Predicate<Incarnation> hasRow;

    /** @param hasRow whether the row of an incarnation that stands has been inserted */
    public DatabaseGate(Fence fence, FenceTable table, Predicate<Incarnation> hasRow) {
        this.fence = fence;
        this.rowLock = new RowLock(table);
        this.hasRow = hasRow;
    }

    @Override
    public Opening open() {
        return fence.open();
    }

    @Override
    public void pass(Opening opening, OpenJPAEntityManager entities) {
        entities.flush();
        // Oozie's transactions are optimistic: without it the SELECT would run in auto-commit
        entities.beginStore();
        Incarnation incarnation = fence.require(opening, hasRow);
        if (!lock(entities, incarnation)) {
            throw fence.veto("the row of incarnation " + incarnation + " in OOZIE_HA_SERVER is marked");
        }
    }

    private boolean lock(OpenJPAEntityManager entities, Incarnation incarnation) {
        try (Connection connection = (Connection) entities.getConnection()) {
            return rowLock.passes(connection, incarnation);
        } catch (SQLException e) {
            throw new PersistenceException(
                    "The row of incarnation " + incarnation
                            + " in OOZIE_HA_SERVER could not be asked, or the commit failed: " + e.getMessage(),
                    e);
        }
    }
}
