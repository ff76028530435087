package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.AfterClass;
import org.junit.Assume;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.SlaJobs;
import org.oozieha.it.harness.Waiting;

/**
 * A hundred SLAs registered at two servers; before any is due one of them is killed and the other stands still until the last alert has
 * come. Nothing else happens to their jobs.
 */
public final class SlaOfLostServers {
    private static final int JOBS = 100;
    private static final Duration FIRST_DUE = Duration.ofSeconds(10);
    private static final Duration ALL_DUE_WITHIN = Duration.ofSeconds(10);
    private static final String LOOKED = "All open SLAs of this server's share were looked at";

    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    private static SlaJobs jobs;

    @BeforeClass
    public static void the_servers_that_registered_them_are_gone_when_they_are_due() {
        Assume.assumeTrue("stock never reports them", SharedCluster.services() == HaServices.PACK);
        Cluster cluster = CLUSTER.cluster();
        OozieServer killed = cluster.server(1);
        OozieServer paused = cluster.server(2);
        long looked = sweeps(paused);
        jobs = new SlaJobs(cluster);
        jobs.submit(JOBS, i -> cluster.server(1 + i % 2));
        Instant first = Instant.now().plus(Waiting.scaled(FIRST_DUE));
        jobs.makeDue(first, ALL_DUE_WITHIN);
        paused.pause();
        try {
            killed.kill();
            assertTrue("too slow: the first is due", Instant.now().isBefore(first));
            Duration bound =
                    Duration.between(Instant.now(), first).plus(ALL_DUE_WITHIN).plus(promised());
            Waiting.until("a mail and a message of each", bound, jobs::allHeardOf);
        } finally {
            paused.resume();
        }
        CLUSTER.makeWhole();
        Waiting.until(
                "the server that stood still looks at them", SharedCluster.SESSION, () -> sweeps(paused) > looked);
        jobs.awaitQuiet();
    }

    private static long sweeps(OozieServer server) {
        return server.logLines().stream().filter(line -> line.contains(LOOKED)).count();
    }

    @AfterClass
    public static void the_cluster_is_whole() {
        CLUSTER.makeWhole();
    }

    private static Duration promised() {
        return SlaJobs.PROMISED.plus(SlaJobs.takeover(
                SharedCluster.SESSION, CLUSTER.cluster().zooKeeper().tick()));
    }

    @Test
    public void each_miss_is_recorded_once() {
        assertEquals(jobs.once(), jobs.recorded());
        String rows = "select count(*) from sla_summary where event_processed = 7 and event_status = 'END_MISS'"
                + " and sla_status = 'MISS' and app_name = 'sla'";
        assertEquals(JOBS, CLUSTER.cluster().database().number(rows));
    }

    @Test
    public void each_alert_is_mailed_once() {
        Waiting.until(
                "all are marked", SlaJobs.LISTENERS, () -> jobs.delivered().equals(jobs.once()));
        assertEquals(jobs.once(), jobs.mailed());
    }

    @Test
    public void each_alert_is_announced_by_jms_once() {
        assertEquals(jobs.once(), jobs.announced());
    }

    @Test
    public void each_mail_comes_within_the_promised_time() {
        List<Duration> delays = jobs.delays();
        Duration median = delays.get(delays.size() / 2);
        Duration longest = delays.get(delays.size() - 1);
        System.out.println("due to mail, registrars gone: median " + median.toMillis() + " ms, longest "
                + longest.toMillis() + " ms, of " + delays.size());
        assertTrue("after " + longest, longest.compareTo(Waiting.scaled(promised())) <= 0);
    }
}
