package org.oozieha.fence;

import java.sql.SQLException;
import java.util.List;
import org.oozieha.cluster.Incarnation;

/**
 * The rows of OOZIE_HA_SERVER: one for each incarnation that ever locked, marked once it has departed.
 *
 * <p>Guarantee: after {@link #mark} returned true no transaction commits under that incarnation. Each call waits a bounded time.
 * Thread-safe.
 */
public interface ServerRows {
    /** Adds the row of an incarnation that has just registered; does nothing if it is there. */
    void insert(Incarnation incarnation) throws SQLException;

    /** Incarnations whose rows are not marked. */
    List<Incarnation> unmarked() throws SQLException;

    /** The highest incarnation number this server id ever had, marked or not; 0 for none. */
    long highest(String serverId) throws SQLException;

    /** Marks a row as departed. False if a transaction that commits under it kept the row's lock for too long. */
    boolean mark(Incarnation departed) throws SQLException;
}
