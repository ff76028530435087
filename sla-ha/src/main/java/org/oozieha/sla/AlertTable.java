package org.oozieha.sla;

import static org.oozieha.sla.SlaTables.bounded;

import java.sql.Clob;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.persistence.EntityManager;
import javax.persistence.EntityTransaction;
import javax.persistence.PersistenceException;
import javax.persistence.Query;
import org.oozieha.fence.FenceTable;
import org.oozieha.sla.alert.Alert;
import org.oozieha.sla.alert.AlertRows;

/**
 * OOZIE_HA_ALERT(event_key, server, payload, created, delivered) in Oozie's database, through Oozie's own connections.
 *
 * <p>{@code created} and {@code delivered} are milliseconds since the epoch, the latter 0 until the listeners were told. On failure the
 * persistence layer's RuntimeException. Thread-safe.
 */
final class AlertTable implements AlertRows {
    private static final String NAME = FenceTable.ALERTS;
    private static final String COLUMNS = "event_key, server, payload, created, delivered";

    private final String url;
    /** Empty if it is none that Oozie knows. */
    private final Optional<FenceTable> database;

    AlertTable(String jdbcUrl) {
        url = jdbcUrl;
        database = FenceTable.of(jdbcUrl);
    }

    /**
     * Makes the table unless it is there.
     *
     * @throws PersistenceException if it is not there and cannot be made; the message has the statements
     */
    void create() {
        if (exists()) {
            return;
        }
        FenceTable dialect =
                database.orElseThrow(() -> new PersistenceException("Oozie does not know the database of " + url));
        String table = dialect.createAlertTable();
        String index = dialect.createAlertIndex();
        try {
            update(table);
            update(index);
        } catch (RuntimeException e) {
            if (!exists()) {
                throw new PersistenceException(
                        "Table " + NAME + " does not exist and cannot be created with Oozie's own database user: "
                                + e.getMessage() + ". Let the owner of Oozie's schema run this: " + table + "; " + index
                                + ";",
                        e);
            }
        }
    }

    private static boolean exists() {
        try {
            read("select " + COLUMNS + " from " + NAME + " where 1 = 0", 1, query -> query, row -> row);
            return true;
        } catch (RuntimeException missing) {
            return false;
        }
    }

    /** Within the transaction of {@code entities}. */
    static void insert(EntityManager entities, Alert alert, long now) {
        bounded(entities.createNativeQuery("insert into " + NAME + " (" + COLUMNS + ") values (?, ?, ?, ?, 0)"))
                .setParameter(1, alert.key())
                .setParameter(2, alert.server())
                .setParameter(3, alert.payload())
                .setParameter(4, now)
                .executeUpdate();
    }

    @Override
    public List<Alert> undelivered(String after, int limit) {
        return read(
                first(
                        limit,
                        "select event_key, server, payload from " + NAME + " where delivered = 0 and event_key > ?"
                                + " order by event_key"),
                limit,
                query -> query.setParameter(1, after),
                AlertTable::alert);
    }

    /** For Oozie's persistence layer reads all rows of a native query, and gives some of them. */
    private String first(int limit, String select) {
        return database.map(dialect -> dialect.first(limit, select)).orElse(select);
    }

    private static Alert alert(Object row) {
        Object[] columns = (Object[]) row;
        return new Alert((String) columns[0], (String) columns[1], text(columns[2]));
    }

    private static String text(Object column) {
        if (!(column instanceof Clob)) {
            return (String) column;
        }
        try {
            Clob clob = (Clob) column;
            return clob.getSubString(1, Math.toIntExact(clob.length()));
        } catch (SQLException e) {
            throw new PersistenceException("A payload in " + NAME + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean claim(Alert alert, String server) {
        return update(
                        "update " + NAME + " set server = ? where event_key = ? and server = ? and delivered = 0",
                        server,
                        alert.key(),
                        alert.server())
                == 1;
    }

    @Override
    public void delivered(String key, long at) {
        update("update " + NAME + " set delivered = ? where event_key = ?", at, key);
    }

    @Override
    public int deleteDelivered(long before, int limit) {
        List<Object> keys = read(
                first(
                        limit,
                        "select event_key from " + NAME + " where delivered > 0 and delivered < ? order by delivered"),
                limit,
                query -> query.setParameter(1, before),
                key -> key);
        if (!keys.isEmpty()) {
            String each = String.join(", ", Collections.nCopies(keys.size(), "?"));
            update("delete from " + NAME + " where event_key in (" + each + ")", keys.toArray());
        }
        return keys.size();
    }

    private static int update(String sql, Object... parameters) {
        EntityManager entities = SlaTables.entities();
        try {
            EntityTransaction transaction = entities.getTransaction();
            transaction.begin();
            try {
                Query query = bounded(entities.createNativeQuery(sql));
                for (int i = 0; i < parameters.length; i++) {
                    query.setParameter(i + 1, parameters[i]);
                }
                int count = query.executeUpdate();
                transaction.commit();
                return count;
            } finally {
                if (transaction.isActive()) {
                    transaction.rollback();
                }
            }
        } finally {
            entities.close();
        }
    }

    /** @param row reads a row; while the connection is open, for some databases give no CLOB afterwards */
    private static <T> List<T> read(String sql, int limit, Function<Query, Query> parameters, Function<Object, T> row) {
        EntityManager entities = SlaTables.entities();
        try {
            Query query = bounded(entities.createNativeQuery(sql)).setMaxResults(limit);
            List<T> rows = new ArrayList<>();
            for (Object columns : parameters.apply(query).getResultList()) {
                rows.add(row.apply(columns));
            }
            return rows;
        } finally {
            entities.close();
        }
    }
}
