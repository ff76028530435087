package org.oozieha.it.bench;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;
import org.oozieha.it.harness.Database;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Postgres;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperEnsemble;

/** Mode {@code database} of the packed jar, with Oozie's own database service, in processes that can be killed. */
public final class DatabaseFencingIT {
    private static final int SESSION_MS = 6_000;
    private static final String ROW_OF_A = "from OOZIE_HA_SERVER where server_id like 'a-%'";

    private static Workspace workspace;
    private static ZooKeeperEnsemble zooKeeper;
    private static Postgres postgres;
    private static int databases;

    private final List<Driver> drivers = new ArrayList<>();
    private Database database;
    private String name;

    @BeforeClass
    public static void start() {
        workspace = Workspace.emptied("database-fencing");
        zooKeeper = ZooKeeperEnsemble.start(workspace.dir(), 1, Duration.ofSeconds(2));
        postgres = Postgres.start(workspace);
    }

    @AfterClass
    public static void stop() {
        postgres.close();
        zooKeeper.close();
    }

    @Before
    public void a_database() {
        name = "fenced" + ++databases;
        database = postgres.createDatabase(name);
    }

    @After
    public void end() {
        drivers.forEach(Driver::close);
    }

    private Driver server(String id) {
        Map<String, String> more = new HashMap<>();
        more.put("oozie.zookeeper.namespace", name);
        more.put("oozie.services.ext", "org.oozieha.service.FencedJPAService");
        more.put("oozie.ha.fencing", "database");
        more.put("oozie.ha.session.timeout.ms", String.valueOf(SESSION_MS));
        Driver driver = DriverHome.start(workspace, database, zooKeeper, HaServices.PACK, id + "-" + databases, more);
        drivers.add(driver);
        return driver;
    }

    @Test
    public void nothing_is_committed_under_a_marked_row_although_the_lease_is_valid() {
        Driver a = server("a");
        a.write("job", 3);
        assertEquals(1, database.number("select count(*) " + ROW_OF_A + " and fenced_at is null"));
        assertEquals("3", seconds());

        database.execute("update OOZIE_HA_SERVER set fenced_at = current_timestamp where server_id like 'a-%'");
        try {
            a.write("job", 5);
            fail("committed");
        } catch (IllegalStateException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("may not commit"));
        }
        assertEquals("3", seconds());
        assertEquals("no transaction is left", 0, idleInTransaction());
    }

    @Test
    public void a_grant_waits_until_the_hung_commit_of_the_departed_holder_has_ended() throws Exception {
        Driver a = server("a");
        Driver b = server("b");
        a.write("job", 1);
        try (Connection hung = DriverManager.getConnection(database.urlFor("hung"), "postgres", "postgres");
                Statement commit = hung.createStatement()) {
            hung.setAutoCommit(false);
            commit.executeQuery("select incarnation " + ROW_OF_A + " for share").close();
            a.kill();
            drivers.remove(a);
            CompletableFuture<Duration> written = CompletableFuture.supplyAsync(() -> {
                while (true) {
                    try {
                        return b.write("job", 7);
                    } catch (IllegalStateException noLock) {
                        if (!noLock.getMessage().contains("no lock")) {
                            throw noLock;
                        }
                    }
                }
            });
            Waiting.until("b says which row is held", Duration.ofSeconds(40), () -> logOf("b")
                    .contains("row=a-"));
            assertEquals("not granted meanwhile", "1", seconds());
            assertTrue(!written.isDone());
            hung.rollback();
            written.get(40, TimeUnit.SECONDS);
        }
        assertEquals("7", seconds());
        assertEquals(0, database.number("select count(*) " + ROW_OF_A + " and fenced_at is null"));
        assertEquals(1, database.number("select count(*) " + ROW_OF_A + " and fenced_at is not null"));
    }

    @Test
    public void a_restarted_server_has_a_higher_number_than_its_rows_and_marks_its_last_life() {
        database.execute("create table OOZIE_HA_SERVER (server_id varchar(255) not null, incarnation bigint not null,"
                + " fenced_at timestamp, primary key (server_id, incarnation))");
        database.execute("insert into OOZIE_HA_SERVER values ('a-" + databases + "', 9000000000000, null)");
        server("a").write("job", 1);
        assertEquals(
                9_000_000_000_001L, database.number("select max(incarnation) " + ROW_OF_A + " and fenced_at is null"));
        assertEquals(1, database.number("select count(*) " + ROW_OF_A + " and fenced_at is not null"));
    }

    private String seconds() {
        return database.query("select extract(second from last_modified_time)::int from WF_JOBS where id = 'job-W'")
                .get(0)[0];
    }

    private long idleInTransaction() {
        return database.number(
                "select count(*) from pg_stat_activity where datname = ? and state like 'idle in trans%'", name);
    }

    private static String logOf(String id) {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(workspace.dir(id + "-" + databases).resolve("logs"))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }
}
