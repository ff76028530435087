package org.oozieha.it.fence;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.fence.FenceTable;
import org.oozieha.fence.JdbcServerRows;
import org.oozieha.fence.RowLock;

/** What mode {@code database} needs from a database, asked of a real one over plain JDBC. */
public abstract class ServerRowsContract {
    private static final long BOUND_S = 20L * Integer.getInteger("it.timing.scale", 1);
    private static final Incarnation OOZIE_1 = Incarnation.of("oozie-1", 1_000);
    private static final Incarnation OOZIE_2 = Incarnation.of("oozie-2", 2_000);

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private JdbcServerRows rows;
    private RowLock rowLock;
    private Connection commit;

    abstract FenceTable table();

    abstract String url();

    abstract String user();

    abstract String password();

    @Before
    public void an_empty_table() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists OOZIE_HA_SERVER");
            statement.execute("drop table if exists WRITTEN");
            statement.execute("create table WRITTEN (number integer)");
            statement.execute("insert into WRITTEN values (0)");
        }
        rows = new JdbcServerRows(table(), url(), user(), password());
        rows.createTable();
        rowLock = new RowLock(table());
        rows.insert(OOZIE_1);
        rows.insert(OOZIE_2);
        commit = connect();
        commit.setAutoCommit(false);
    }

    @After
    public void end() throws SQLException {
        other.shutdownNow();
        commit.close();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), user(), password());
    }

    @Test
    public void the_table_of_alerts_takes_the_statements_that_are_told_to_its_owner_and_long_alerts()
            throws SQLException {
        char[] payload = new char[200_000];
        Arrays.fill(payload, 'x');
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + FenceTable.ALERTS);
            statement.execute(table().createAlertTable());
            statement.execute(table().createAlertIndex());
            statement.execute("insert into " + FenceTable.ALERTS
                    + " (event_key, server, payload, created, delivered) values ('a#END_MISS#1', 'oozie-1#1', '"
                    + new String(payload) + "', 1700000000000, 0)");
            try (ResultSet row = statement.executeQuery("select payload, created from " + FenceTable.ALERTS
                    + " where delivered = 0 and event_key > ' ' order by event_key")) {
                assertTrue(row.next());
                assertEquals(payload.length, row.getString(1).length());
                assertEquals(1_700_000_000_000L, row.getLong(2));
            }
        }
    }

    @Test
    public void the_first_rows_of_a_select_are_as_many_as_asked_for_and_in_its_order() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + FenceTable.ALERTS);
            statement.execute(table().createAlertTable());
            for (int i = 1; i <= 5; i++) {
                statement.execute("insert into " + FenceTable.ALERTS
                        + " (event_key, server, payload, created, delivered) values ('" + i + "', 's', 'p', 0, "
                        + (10 - i) + ")");
            }
            String select = "select event_key from " + FenceTable.ALERTS + " where delivered > 5 order by delivered";
            try (ResultSet rows = statement.executeQuery(table().first(3, select))) {
                for (String key : Arrays.asList("4", "3", "2")) {
                    assertTrue(rows.next());
                    assertEquals(key, rows.getString(1));
                }
                assertFalse(rows.next());
            }
        }
    }

    @Test
    public void the_url_names_the_dialect() {
        assertEquals(table(), FenceTable.of(url()).get());
    }

    @Test
    public void rows_are_there_until_they_are_marked_and_numbers_are_remembered() throws SQLException {
        rows.createTable();
        rows.insert(OOZIE_1);
        assertEquals(new HashSet<>(Arrays.asList(OOZIE_1, OOZIE_2)), new HashSet<>(rows.unmarked()));
        assertTrue(rows.mark(OOZIE_1));
        assertTrue("a second time", rows.mark(OOZIE_1));
        assertEquals(Collections.singletonList(OOZIE_2), rows.unmarked());
        assertEquals(1_000, rows.highest("oozie-1"));
        assertEquals(0, rows.highest("oozie-3"));
        assertEquals("ids that differ in case are two servers", 0, rows.highest("OOZIE-1"));
    }

    @Test
    public void a_commit_locks_its_row_until_it_ends_and_none_follows_the_mark() throws Exception {
        assertTrue(rowLock.take(commit, OOZIE_1));
        CountDownLatch marking = new CountDownLatch(1);
        Future<Boolean> marked = other.submit(() -> {
            marking.countDown();
            return rows.mark(OOZIE_1);
        });
        marking.await(BOUND_S, TimeUnit.SECONDS);
        try {
            marked.get(500, TimeUnit.MILLISECONDS);
            throw new AssertionError("marked under a commit that has the row");
        } catch (TimeoutException waits) {
            commit.commit();
        }
        assertTrue(marked.get(BOUND_S, TimeUnit.SECONDS));
        assertFalse("after the mark", rowLock.take(commit, OOZIE_1));
        assertTrue("of another server", rowLock.take(commit, OOZIE_2));
    }

    @Test
    public void a_row_that_stands_lets_the_transaction_commit_and_a_marked_one_does_not() throws SQLException {
        write(commit, 1);
        assertTrue(rowLock.passes(commit, OOZIE_1));
        commit.commit();
        assertEquals(1, written());

        assertTrue(rows.mark(OOZIE_1));
        write(commit, 2);
        assertFalse(rowLock.passes(commit, OOZIE_1));
        commit.rollback();
        assertEquals("rolled back", 1, written());
        write(commit, 3);
        assertTrue("the connection is good for another transaction", rowLock.passes(commit, OOZIE_2));
        commit.commit();
        assertEquals(3, written());
    }

    private static void write(Connection connection, int number) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("update WRITTEN set number = " + number);
        }
    }

    private int written() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select number from WRITTEN")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    public void commits_of_one_server_do_not_wait_for_each_other() throws Exception {
        assertTrue(rowLock.take(commit, OOZIE_1));
        boolean second = other.submit(() -> {
                    try (Connection connection = connect()) {
                        connection.setAutoCommit(false);
                        return rowLock.take(connection, OOZIE_1);
                    }
                })
                .get(BOUND_S, TimeUnit.SECONDS);
        assertTrue(second);
    }

    @Test
    public void a_hung_commit_delays_the_mark_by_a_bounded_time_and_is_told_apart() throws Exception {
        assertTrue(rowLock.take(commit, OOZIE_1));
        assertFalse(other.submit(() -> rows.mark(OOZIE_1)).get(BOUND_S, TimeUnit.SECONDS));
        assertTrue("others are marked meanwhile", rows.mark(OOZIE_2));
        assertEquals(Collections.singletonList(OOZIE_1), rows.unmarked());
        commit.rollback();
        assertTrue(rows.mark(OOZIE_1));
    }

    @Test
    public void a_server_can_ask_whether_it_was_marked() throws SQLException {
        assertFalse(rows.isMarked(OOZIE_1));
        assertTrue(rows.mark(OOZIE_1));
        assertTrue(rows.isMarked(OOZIE_1));
        assertFalse("another one", rows.isMarked(OOZIE_2));
        assertFalse("not there", rows.isMarked(Incarnation.of("oozie-1", 999)));
    }

    @Test
    public void a_row_that_is_not_there_lets_nothing_pass() throws SQLException {
        assertFalse(rowLock.take(commit, Incarnation.of("oozie-1", 999)));
    }
}
