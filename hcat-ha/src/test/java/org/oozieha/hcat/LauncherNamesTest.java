package org.oozieha.hcat;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.Test;
import org.oozieha.hcat.endpoint.FailOver;
import org.oozieha.hcat.endpoint.StaticEndpoints;
import org.oozieha.hcat.endpoint.StickyChoice;

public final class LauncherNamesTest {
    private static final String PREPARE = "oozie.action.prepare.xml";

    @Test
    public void the_name_of_a_cluster_becomes_a_metastore_that_takes_connections() throws Exception {
        try (ServerSocket live = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            String endpoint = "127.0.0.1:" + live.getLocalPort();
            Configuration launcher =
                    launcher("<prepare><delete path=\"hcat://dw/db/t/dt=1\"/><delete path='hcat://dw/db/u'/>"
                            + "<delete path=\"hcat://h:9083/db/t\"/><mkdir path=\"hdfs://dw/dir\"/></prepare>");
            names(closed(), endpoint).complete(launcher);
            assertEquals(
                    "<prepare><delete path=\"hcat://" + endpoint + "/db/t/dt=1\"/><delete path='hcat://" + endpoint
                            + "/db/u'/><delete path=\"hcat://h:9083/db/t\"/><mkdir path=\"hdfs://dw/dir\"/></prepare>",
                    launcher.get(PREPARE));
        }
    }

    @Test
    public void with_all_metastores_dead_the_message_names_them() throws Exception {
        String dead = closed();
        IOException e = assertThrows(
                IOException.class, () -> names(dead).complete(launcher("<delete path=\"hcat://dw/db/t\"/>")));
        assertTrue(e.getMessage(), e.getMessage().contains(dead));
    }

    @Test
    public void a_launcher_without_prepare_stays_as_it_is() throws Exception {
        Configuration launcher = new Configuration(false);
        names(closed()).complete(launcher);
        assertNull(launcher.get(PREPARE));
    }

    private static LauncherNames names(String... endpoints) {
        StickyChoice choice =
                new StickyChoice("dw", new StaticEndpoints(Arrays.asList(endpoints)), System::nanoTime, new Random(1));
        return new LauncherNames(
                Collections.singletonMap(
                        "dw", new FailOver("dw", choice, NotReached::is, System::nanoTime, 5_000_000_000L)),
                1_000);
    }

    private static Configuration launcher(String prepare) {
        Configuration launcher = new Configuration(false);
        launcher.set(PREPARE, prepare);
        return launcher;
    }

    /** Nobody listens there. */
    private static String closed() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
