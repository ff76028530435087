package org.oozieha.hcat;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.junit.Test;
import org.oozieha.hcat.endpoint.FailOver;
import org.oozieha.hcat.endpoint.StaticEndpoints;
import org.oozieha.hcat.endpoint.StickyChoice;

public final class LauncherNamesTest {
    @Test
    public void the_name_of_a_cluster_becomes_a_metastore_that_takes_connections() throws Exception {
        try (ServerSocket live = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            String endpoint = "127.0.0.1:" + live.getLocalPort();
            String rest = "<delete path=\"hcat://h:9083/db/t\"/><mkdir path=\"hdfs://dw/dir\"/></prepare>";
            assertEquals(
                    "<prepare><delete path=\"hcat://" + endpoint + "/db/t/dt=1\"/><delete path='hcat://" + endpoint
                            + "/db/u'/>" + rest,
                    names(closed(), endpoint)
                            .resolved("<prepare><delete path=\"hcat://dw/db/t/dt=1\"/><delete path='hcat://dw/db/u'/>"
                                    + rest));
        }
    }

    @Test
    public void with_all_metastores_dead_the_message_names_them() throws Exception {
        String dead = closed();
        IOException e =
                assertThrows(IOException.class, () -> names(dead).resolved("<delete path=\"hcat://dw/db/t\"/>"));
        assertTrue(e.getMessage(), e.getMessage().contains(dead));
    }

    private static LauncherNames names(String... endpoints) {
        StickyChoice choice =
                new StickyChoice("dw", new StaticEndpoints(Arrays.asList(endpoints)), System::nanoTime, new Random(1));
        return new LauncherNames(
                Collections.singletonMap(
                        "dw", new FailOver("dw", choice, NotReached::is, System::nanoTime, 5_000_000_000L)),
                1_000);
    }

    /** Nobody listens there. */
    private static String closed() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
