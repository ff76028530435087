package org.oozieha.it.fence;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.fence.FenceTable;
import org.oozieha.fence.JdbcServerRows;
import org.oozieha.fence.RowLock;

public final class PostgresServerRowsTest extends ServerRowsContract {
    private static EmbeddedPostgres server;

    @BeforeClass
    public static void start() throws IOException {
        Path dir = Files.createTempDirectory(
                Files.createDirectories(Paths.get(System.getProperty("java.io.tmpdir"))), "pg");
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(dir.resolve("binaries").toFile())
                .setDataDirectory(dir.resolve("data"))
                .start();
    }

    @AfterClass
    public static void stop() throws IOException {
        server.close();
    }

    @Override
    FenceTable table() {
        return FenceTable.POSTGRESQL;
    }

    @Override
    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    @Override
    String user() {
        return "postgres";
    }

    @Override
    String password() {
        return "postgres";
    }

    @Test
    public void the_options_of_the_sample_end_a_commit_that_hangs() throws SQLException {
        String options = "&options=-c%20tcp_keepalives_idle=4%20-c%20tcp_keepalives_interval=2"
                + "%20-c%20tcp_keepalives_count=2%20-c%20idle_in_transaction_session_timeout=";
        Incarnation row = Incarnation.of("hung", 1);
        JdbcServerRows rows = new JdbcServerRows(table(), url(), user(), password());
        rows.insert(row);
        try (Connection hung = DriverManager.getConnection(url() + options + 3_000, user(), password());
                Statement statement = hung.createStatement()) {
            hung.setAutoCommit(false);
            try (ResultSet idle = statement.executeQuery("show tcp_keepalives_idle")) {
                idle.next();
                assertEquals("4", idle.getString(1));
            }
            assertTrue(new RowLock(table()).take(hung, row));
            assertFalse(rows.mark(row));
            assertTrue(rows.mark(row));
        }
    }

    @Test
    public void a_user_who_may_not_create_the_table_is_told_the_statement() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists OOZIE_HA_SERVER");
            statement.execute("revoke create on schema public from public");
            statement.execute("drop role if exists reader");
            statement.execute("create role reader login password 'reader'");
        }
        try {
            new JdbcServerRows(FenceTable.POSTGRESQL, server.getJdbcUrl("reader", "postgres"), "reader", "reader")
                    .createTable();
            fail("created");
        } catch (SQLException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("create table OOZIE_HA_SERVER"));
            assertTrue(refused.getMessage(), refused.getMessage().contains("oozie-ha sql"));
        }
    }
}
