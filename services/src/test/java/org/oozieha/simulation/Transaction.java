package org.oozieha.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.openjpa.persistence.OpenJPAEntityManager;
import org.oozieha.cluster.Incarnation;

/**
 * What a gate sees of a transaction that is about to commit: of the EntityManager and its connection, as much as the share-locking
 * SELECT needs. Without {@code beginStore} the SELECT runs in auto-commit and keeps no lock.
 */
final class Transaction {
    private final World world;
    private boolean storeBegun;
    private String serverId;
    private long number;

    Transaction(World world) {
        this.world = world;
    }

    OpenJPAEntityManager entities() {
        return of(OpenJPAEntityManager.class, (proxy, method, args) -> {
            switch (method.getName()) {
                case "flush":
                    return null;
                case "beginStore":
                    storeBegun = world.variant.locksRows();
                    return null;
                case "getConnection":
                    return connection();
                default:
                    throw new UnsupportedOperationException(method.toString());
            }
        });
    }

    private Connection connection() {
        return of(Connection.class, (proxy, method, args) -> {
            switch (method.getName()) {
                case "prepareStatement":
                    return statement();
                case "close":
                    return null;
                default:
                    throw new UnsupportedOperationException(method.toString());
            }
        });
    }

    private PreparedStatement statement() {
        return of(PreparedStatement.class, (proxy, method, args) -> {
            switch (method.getName()) {
                case "setString":
                    serverId = (String) args[1];
                    return null;
                case "setLong":
                    number = (Long) args[1];
                    return null;
                case "executeQuery":
                    return result(select());
                case "close":
                    return null;
                default:
                    throw new UnsupportedOperationException(method.toString());
            }
        });
    }

    private boolean select() throws SQLException {
        wander();
        if (world.database.isDown()) {
            throw new SQLException("the database is down");
        }
        boolean unmarked = world.database.servers.share(Incarnation.of(serverId, number), this);
        if (!storeBegun) {
            end();
        }
        wander();
        return unmarked;
    }

    /** On the way to the database and back: mostly little time, now and then a lot. */
    private void wander() {
        Strand.current().awaitMs(world.random.nextInt(world.random.nextInt(20) == 0 ? 15_000 : 50));
    }

    private static ResultSet result(boolean found) {
        return of(ResultSet.class, (proxy, method, args) -> {
            switch (method.getName()) {
                case "next":
                    return found;
                case "close":
                    return null;
                default:
                    throw new UnsupportedOperationException(method.toString());
            }
        });
    }

    /** Committed or rolled back. */
    void end() {
        world.database.servers.end(this);
    }

    private static <T> T of(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Transaction.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
