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
import org.oozieha.it.harness.Waiting;

/** A hundred SLAs registered at one server, which is killed before any is due; nothing else happens to their jobs. */
public final class SlaOfAKilledServer {
    private static final int JOBS = 100;
    private static final Duration FIRST_DUE = Duration.ofSeconds(15);
    private static final Duration ALL_DUE_WITHIN = Duration.ofSeconds(10);
    private static final Duration LISTENERS = Duration.ofSeconds(5);

    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    private static SlaJobs jobs;

    @BeforeClass
    public static void the_server_that_registered_them_is_killed() {
        Assume.assumeTrue("stock never reports them", SharedCluster.services() == HaServices.PACK);
        Cluster cluster = CLUSTER.cluster();
        OozieServer victim = cluster.server(1);
        jobs = new SlaJobs(cluster);
        Instant first = Instant.now().plus(FIRST_DUE);
        jobs.submit(
                JOBS,
                i -> victim.url(),
                i -> first.plus(ALL_DUE_WITHIN.multipliedBy(i).dividedBy(JOBS)));
        victim.kill();
        Duration bound =
                Duration.between(Instant.now(), first).plus(ALL_DUE_WITHIN).plus(promised());
        Waiting.until(
                "a mail for each", bound, () -> jobs.mailed(CLUSTER.mailbox()).size() == JOBS);
        CLUSTER.makeWhole();
    }

    @AfterClass
    public static void the_cluster_is_whole() {
        CLUSTER.makeWhole();
    }

    private static Duration promised() {
        Duration tick = CLUSTER.cluster().zooKeeper().tick();
        Duration takeover =
                SharedCluster.SESSION.plus(tick.multipliedBy(3).dividedBy(2)).plus(Duration.ofSeconds(2));
        return SharedCluster.NEWS_LATENCY
                .plus(SharedCluster.SLA_CHECK)
                .plus(takeover)
                .plus(LISTENERS);
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
        Waiting.until("all are marked", LISTENERS, () -> jobs.delivered().equals(jobs.once()));
        assertEquals(jobs.once(), jobs.mailed(CLUSTER.mailbox()));
    }

    @Test
    public void each_mail_comes_within_the_promised_time() {
        List<Duration> delays = jobs.delays(CLUSTER.mailbox());
        Duration median = delays.get(delays.size() / 2);
        Duration longest = delays.get(delays.size() - 1);
        System.out.println("due to mail, registrar dead: median " + median.toMillis() + " ms, longest "
                + longest.toMillis() + " ms, of " + delays.size());
        assertTrue("after " + longest, longest.compareTo(Waiting.scaled(promised())) <= 0);
    }
}
