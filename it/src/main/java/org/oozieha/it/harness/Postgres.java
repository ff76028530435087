package org.oozieha.it.harness;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;

/**
 * One PostgreSQL server for a whole run, on loopback. Oozie's schema is created once, with Oozie's own tool; each further
 * database is a copy of it and costs well under a second.
 */
public final class Postgres implements AutoCloseable {
    private static final String TEMPLATE = "oozie_template";

    private final EmbeddedPostgres server;

    private Postgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /** As fast as can be: what is committed does not survive a crash of the machine. */
    public static Postgres start(Workspace workspace) {
        return start(workspace, false);
    }

    /** @param durable whether a commit waits for the disk, as PostgreSQL does by default */
    public static Postgres start(Workspace workspace, boolean durable) {
        Path dir = workspace.dir("postgres");
        try {
            Postgres postgres = new Postgres(EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(dir.resolve("binaries").toFile())
                    .setDataDirectory(dir.resolve("data"))
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("fsync", durable ? "on" : "off")
                    .setServerConfig("synchronous_commit", durable ? "on" : "off")
                    .start());
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
        }
    }
}
