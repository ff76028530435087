package org.oozieha.it.harness;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One PostgreSQL server for a whole run, on loopback. Oozie's schema is created once, with Oozie's own tool; each further
 * database is a copy of it and costs well under a second.
 */
public final class Postgres implements AutoCloseable {
    private static final String TEMPLATE = "oozie_template";

    private final EmbeddedPostgres server;
    private final Path dir;
    private ChildProcess restarted;

    private Postgres(EmbeddedPostgres server, Path dir) {
        this.server = server;
        this.dir = dir;
    }

    /** What is committed survives a crash of the database's processes, as {@link #restartAfterCrash} is one, not of the machine. */
    public static Postgres start(Workspace workspace) {
        return start(workspace, false);
    }

    /** @param durable whether a commit waits for the disk, as PostgreSQL does by default */
    public static Postgres start(Workspace workspace, boolean durable) {
        Path dir = workspace.dir("postgres");
        try {
            Postgres postgres = new Postgres(
                    EmbeddedPostgres.builder()
                            .setOverrideWorkingDirectory(
                                    workspace.postgresPrograms().toFile())
                            .setDataDirectory(dir.resolve("data"))
                            .setServerConfig("max_connections", "300")
                            .setServerConfig("fsync", durable ? "on" : "off")
                            .setServerConfig("synchronous_commit", "on")
                            .start(),
                    dir);
            postgres.execute("CREATE DATABASE " + TEMPLATE);
            postgres.createSchema(workspace);
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not start in " + dir, e);
        }
    }

    private void createSchema(Workspace workspace) {
        Path home = workspace.dir("schema");
        new OozieSite()
                .setDatabase(database(TEMPLATE).urlFor("schema"))
                .write(Directories.create(home.resolve("conf")).resolve("oozie-site.xml"));
        ChildProcess tool = ChildProcess.start(
                "schema",
                home,
                Arrays.asList(
                        ChildProcess.java(),
                        "-Doozie.home.dir=" + home,
                        "-Doozie.config.dir=" + home.resolve("conf"),
                        "-Doozie.log.dir=" + home,
                        "-Doozie.data.dir=" + home,
                        "-Djava.io.tmpdir=" + Directories.create(home.resolve("tmp")),
                        "-cp",
                        workspace.stockClassPath(),
                        "org.apache.oozie.tools.OozieDBCLI",
                        "create",
                        "-sqlfile",
                        home.resolve("oozie.sql").toString(),
                        "-run"));
        int exit = tool.awaitExit(Duration.ofMinutes(2));
        if (exit != 0) {
            throw new IllegalStateException("OozieDBCLI create ended with " + exit + ":\n" + tool.tail());
        }
    }

    /** A database of that name with Oozie's empty schema. */
    public Database createDatabase(String name) {
        execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        return database(name);
    }

    private Database database(String name) {
        return new Database(name, server.getPort());
    }

    public int port() {
        return server.getPort();
    }

    /**
     * Ends the server as a crash does, all connections with it, and starts it again on the same data and port. What was committed is
     * kept: the processes end, not the machine.
     */
    public void restartAfterCrash() {
        Path data = dir.resolve("data");
        long pid = Long.parseLong(firstLine(data.resolve("postmaster.pid")));
        List<String> command = new ArrayList<>(commandLine(pid));
        // As root PostgreSQL refuses to run; in a user namespace without a mapping it is nobody.
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(0, Arrays.asList("unshare", "-U"));
        }
        signal(pid, "QUIT");
        Waiting.until("PostgreSQL has ended", Duration.ofSeconds(20), () -> !Files.exists(Paths.get("/proc/" + pid)));
        restarted = ChildProcess.start("postgres", dir, command);
        Waiting.until("PostgreSQL serves again", Duration.ofSeconds(30), () -> {
            execute("SELECT 1");
            return true;
        });
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.US_ASCII).get(0).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> commandLine(long pid) {
        try {
            String line =
                    new String(Files.readAllBytes(Paths.get("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
            return Arrays.asList(line.split("\0"));
        } catch (IOException e) {
            throw new UncheckedIOException("no command line of process " + pid, e);
        }
    }

    private static void signal(long pid, String signal) {
        int exit = ChildProcess.start(
                        "kill",
                        Paths.get(System.getProperty("java.io.tmpdir")),
                        Arrays.asList("kill", "-" + signal, Long.toString(pid)))
                .awaitExit(Duration.ofSeconds(10));
        if (exit != 0) {
            throw new IllegalStateException("kill -" + signal + " " + pid + " ended with " + exit);
        }
    }

    private void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("failed: " + sql, e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (restarted != null) {
                restarted.kill();
            }
        }
    }
}
