package org.oozieha.service;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.JPAService;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LockQueue;
import org.oozieha.config.Fencing;
import org.oozieha.config.HaConfig;
import org.oozieha.config.HaConfigException;
import org.oozieha.fence.CommitGate;
import org.oozieha.fence.DatabaseGate;
import org.oozieha.fence.DepartureMarks;
import org.oozieha.fence.Fence;
import org.oozieha.fence.FenceTable;
import org.oozieha.fence.JdbcServerRows;
import org.oozieha.fence.MarkedLockQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code oozie.ha.fencing=database} adds to a server: its row, the marks of the departed, and grants that wait for them. */
final class DatabaseFence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.service");
    private static final long ROW_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final FenceTable table;
    private final JdbcServerRows rows;
    private final ScheduledExecutorService worker = DaemonThread.named("oozie-ha-marks");
    private Cluster cluster;
    private DepartureMarks marks;
    private LockQueue locks;
    private volatile Incarnation seenMarked;

    private DatabaseFence(FenceTable table, JdbcServerRows rows) {
        this.table = table;
        this.rows = rows;
    }

    /** Empty in the other modes, and without the service that asks before a commit. */
    static Optional<DatabaseFence> of(Configuration conf, HaConfig config) throws HaConfigException {
        if (config.fencing() != Fencing.DATABASE || !InstalledServices.of(conf).has("FencedJPAService")) {
            return Optional.empty();
        }
        String url = ConfigurationService.get(conf, JPAService.CONF_URL).trim();
        Optional<FenceTable> table = FenceTable.of(url).filter(FenceTable::fences);
        if (!table.isPresent()) {
            throw new HaConfigException(
                    "oozie.ha.fencing",
                    "database",
                    "lease or off with this database, " + JPAService.CONF_URL + " = " + url
                            + "; database needs PostgreSQL, MySQL or MariaDB: on others its row locks are not tested");
        }
        String driver = ConfigurationService.get(conf, JPAService.CONF_DRIVER).trim();
        try {
            Class.forName(driver);
        } catch (ClassNotFoundException e) {
            throw new HaConfigException(JPAService.CONF_DRIVER, driver, "a class on Oozie's class path");
        }
        return Optional.of(new DatabaseFence(
                table.get(),
                new JdbcServerRows(
                        table.get(),
                        url,
                        ConfigurationService.get(conf, JPAService.CONF_USERNAME).trim(),
                        ConfigurationService.getPassword(conf, JPAService.CONF_PASSWORD)
                                .trim())));
    }

    /** The lowest number for this server's next incarnation, from the rows of its earlier ones. */
    long incarnationFloor(String serverId) {
        try {
            return rows.highest(serverId) + 1;
        } catch (SQLException e) {
            LOG.info(
                    "Earlier incarnations cannot be read from OOZIE_HA_SERVER, ZooKeeper's are used: {}", e.toString());
            return 0;
        }
    }

    void attach(Cluster joined) {
        cluster = joined;
        marks = new DepartureMarks(rows, cluster, worker, System::nanoTime);
        locks = new MarkedLockQueue(cluster.locks(), marks);
    }

    /** Grants nothing before {@link #start}. */
    LockQueue locks() {
        return locks;
    }

    /**
     * Makes the table if need be, this incarnation's row, and marks the departed from now on.
     *
     * @throws SQLException if the table is not there and cannot be made, or the row cannot
     */
    void start() throws SQLException {
        rows.createTable();
        marks.start();
        long start = System.nanoTime();
        Incarnation own = cluster.lease().incarnation();
        while (!marks.hasRow(own)) {
            if (System.nanoTime() - start > ROW_NANOS) {
                throw new SQLException(
                        "The row of " + own + " could not be inserted into OOZIE_HA_SERVER, see the log");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            own = cluster.lease().incarnation();
        }
    }

    CommitGate gate(Fence fence) {
        return new DatabaseGate(fence, table, marks::hasRow);
    }

    /** Asks the database whether this server, which has no valid lease, was marked by the others meanwhile. */
    void lookForMark() throws SQLException {
        Incarnation own = cluster.lease().incarnation();
        if (!own.equals(seenMarked) && !cluster.lease().isValid(own) && rows.isMarked(own)) {
            LOG.warn("The others marked this server in OOZIE_HA_SERVER: incarnation={}", own);
            seenMarked = own;
        }
    }

    /** True if it was, as far as is known: whatever is submitted here now is refused. */
    boolean isMarked() {
        return cluster.lease().incarnation().equals(seenMarked);
    }

    @Override
    public void close() {
        if (marks != null) {
            marks.close();
        }
        worker.shutdownNow();
    }
}
