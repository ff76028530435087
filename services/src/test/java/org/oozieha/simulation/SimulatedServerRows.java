package org.oozieha.simulation;

import java.sql.SQLException;
import java.util.List;
import org.oozieha.cluster.Incarnation;
import org.oozieha.fence.ServerRows;

/** One server's way to the {@link ServerTable}: each statement takes a while, in which anything may happen. */
final class SimulatedServerRows implements ServerRows {
    private static final int LOCK_TIMEOUT_STEPS = 10;

    private final World world;

    SimulatedServerRows(World world) {
        this.world = world;
    }

    @Override
    public void insert(Incarnation incarnation) throws SQLException {
        statement();
        world.database.servers.insert(incarnation);
    }

    @Override
    public List<Incarnation> unmarked() throws SQLException {
        statement();
        List<Incarnation> unmarked = world.database.servers.unmarked();
        statement();
        return unmarked;
    }

    @Override
    public long highest(String serverId) {
        throw new UnsupportedOperationException("the ensemble numbers incarnations");
    }

    @Override
    public boolean mark(Incarnation departed) throws SQLException {
        for (int i = 0; i < LOCK_TIMEOUT_STEPS; i++) {
            statement();
            if (world.database.servers.mark(departed)) {
                world.trace("mark", departed.toString());
                return true;
            }
        }
        world.trace("mark waits", departed.toString());
        return false;
    }

    private void statement() throws SQLException {
        Strand.current().awaitMs(world.random.nextInt(100));
        if (world.database.isDown()) {
            throw new SQLException("the database is down");
        }
    }
}
