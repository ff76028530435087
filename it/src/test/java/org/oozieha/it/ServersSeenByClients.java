package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.Http;
import org.oozieha.it.harness.OozieCommand;
import org.oozieha.it.harness.OozieServer;

public final class ServersSeenByClients {
    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    @Test
    public void admin_servers_through_the_load_balancer_shows_three_real_urls() {
        Cluster cluster = CLUSTER.cluster();
        String shown = new OozieCommand(cluster).run("admin", "-servers");
        List<String> lines = OozieCommand.linesWith(shown, " : http://");
        assertEquals(shown, 3, lines.size());
        for (OozieServer server : cluster.servers()) {
            assertTrue(shown, lines.contains(server.id() + " : " + cluster.announcedUrl(server)));
        }
    }

    @Test
    public void the_load_balancer_spreads_requests_over_all_servers() {
        Cluster cluster = CLUSTER.cluster();
        Set<String> asked = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            String environment =
                    Http.get(cluster.balancer().url() + "/v1/admin/java-sys-properties", Duration.ofSeconds(10));
            for (OozieServer server : cluster.servers()) {
                if (environment.contains("\"" + server.id() + "\"")) {
                    asked.add(server.id());
                }
            }
        }
        assertEquals("servers that answered", 3, asked.size());
    }
}
