package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Http;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;

/** A server that keeps its connections and answers nothing: SIGSTOP. */
public final class HungPeer {
    private static final Duration SLACK = Duration.ofSeconds(2);

    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    private Cluster cluster;
    private String job;
    private OozieServer hung;

    @Before
    public void a_job_has_run_and_a_server_hangs() {
        Assume.assumeTrue("stock servers wait for ever", SharedCluster.services() == HaServices.PACK);
        cluster = CLUSTER.cluster();
        Workload workload = new Workload(cluster);
        job = workload.workflow("hung", Duration.ofMillis(10));
        workload.awaitSuccess(Duration.ofSeconds(60));
        hung = cluster.server(3);
        hung.pause();
    }

    @After
    public void the_server_goes_on() {
        if (hung != null) {
            hung.resume();
            CLUSTER.makeWhole();
        }
    }

    @Test
    public void a_job_log_answers_within_the_configured_total_and_names_the_hung_server() {
        JobLog written = JobLog.written(job, Arrays.asList(cluster.server(1), cluster.server(2)));
        long asked = System.nanoTime();
        String body = Http.get(cluster.server(1).url() + "/v2/job/" + job + "?show=log", Duration.ofSeconds(60));
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        Duration bound = Waiting.scaled(SharedCluster.PEER_TOTAL.plus(SLACK));
        assertTrue("took " + took, took.compareTo(bound) <= 0);
        String top = body.substring(0, Math.min(body.length(), 2000));
        assertTrue("not named at the top: " + top, top.contains(hung.id()));
        assertEquals(Collections.emptyList(), written.missingIn(JobLog.answered(body)));
    }

    @Test
    public void the_load_balancer_takes_the_hung_server_out() {
        Waiting.until("the hung server is out", Duration.ofSeconds(10), () -> !cluster.balancer()
                .serversIn()
                .contains(hung.url()));
    }
}
