package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieCommand;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.ShareLibs;
import org.oozieha.it.harness.Waiting;

/** {@code oozie admin -sharelibupdate} through the load balancer. */
public final class ShareLibUpdated {
    private static final Duration SLACK = Duration.ofSeconds(4);

    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    private Cluster cluster;
    private ShareLibs shareLibs;
    private OozieServer hung;

    @Before
    public void a_new_sharelib_is_uploaded() {
        Assume.assumeTrue("stock servers wait for ever", SharedCluster.services() == HaServices.PACK);
        cluster = CLUSTER.cluster();
        shareLibs = new ShareLibs(cluster.workspace());
    }

    @After
    public void the_server_goes_on() {
        if (hung != null) {
            hung.resume();
            CLUSTER.makeWhole();
        }
    }

    @Test
    public void all_servers_serve_the_new_version_when_the_command_has_answered() {
        String version = shareLibs.upload(Duration.ofMinutes(2));
        String printed = new OozieCommand(cluster).run("admin", "-sharelibupdate");
        for (OozieServer server : cluster.servers()) {
            assertEquals(printed, version, shareLibs.servedBy(server));
            assertTrue(printed, printed.contains(server.id() + ": loaded"));
        }
        assertTrue(printed, printed.contains("status = Successful"));
        String listed = new OozieCommand(cluster).run("admin", "-shareliblist");
        assertEquals(
                listed,
                3,
                OozieCommand.linesWith(listed, "/sharelib/" + version).size());
    }

    @Test
    public void a_hung_server_is_named_within_the_bound_and_catches_up_when_it_goes_on() {
        hung = cluster.server(3);
        hung.pause();
        String version = shareLibs.upload(Duration.ofMinutes(1));
        long asked = System.nanoTime();
        String answer = shareLibs.update(cluster.server(1), true, Duration.ofSeconds(60));
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        Duration bound = Waiting.scaled(SharedCluster.SHARELIB_UPDATE.plus(SLACK));
        assertTrue("took " + took, took.compareTo(bound) <= 0);
        assertTrue(answer, answer.contains("oozie-1: loaded"));
        assertTrue(answer, answer.contains("oozie-2: loaded"));
        assertTrue(answer, answer.contains("oozie-3: failed: has not answered"));
        assertEquals(answer, version, shareLibs.servedBy(cluster.server(1)));
        assertEquals(answer, version, shareLibs.servedBy(cluster.server(2)));
        hung.resume();
        Waiting.until(
                "the server that hung serves the new version",
                Duration.ofSeconds(20),
                () -> version.equals(shareLibs.servedBy(hung)));
    }
}
