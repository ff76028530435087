package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.Http;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Workload;

public final class JobLogsOfACluster {
    private static final int SAME_TIME_LINES = 50;

    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    private Cluster cluster;
    private String job;

    @Before
    public void a_job_has_run() {
        cluster = CLUSTER.cluster();
        Workload workload = new Workload(cluster);
        job = workload.workflow("logged", Duration.ofMillis(10));
        workload.awaitSuccess(Duration.ofSeconds(60));
    }

    @Test
    public void no_line_is_lost_when_all_servers_write_in_the_same_millisecond() {
        String stamp = latestStamp();
        List<String> expected = new ArrayList<>();
        for (OozieServer server : cluster.servers()) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < SAME_TIME_LINES; i++) {
                lines.add(stamp + "  INFO ActionStartXCommand:520 - SERVER[" + server.id()
                        + "] USER[root] GROUP[-] TOKEN[] APP[logged] JOB[" + job + "] ACTION[] line " + i);
            }
            server.appendToLog(lines);
            expected.addAll(lines);
        }
        JobLog answered = jobLog();
        for (String line : expected) {
            assertEquals(line, 1, Collections.frequency(answered.lines(), line));
        }
        assertEquals(3, answered.servers().size());
    }

    @Test
    public void a_job_log_holds_every_line_of_every_server_in_time_order() {
        JobLog written = JobLog.written(job, cluster.servers());
        JobLog answered = jobLog();
        assertFalse(written.lines().isEmpty());
        assertEquals("lines missing", Collections.emptyList(), written.missingIn(answered));
        assertNull("a line out of order", answered.firstOutOfOrder());
    }

    @Test
    public void a_local_log_holds_only_the_lines_of_the_server_asked() {
        OozieServer asked = cluster.server(1);
        JobLog answered = JobLog.answered(
                Http.get(asked.url() + "/v2/job/" + job + "?show=log&allservers=false", Duration.ofSeconds(30)));
        assertTrue(
                answered.servers().toString(), Collections.singleton(asked.id()).containsAll(answered.servers()));
    }

    /** The latest time of all lines: every server's last lines then meet in the merge. */
    private String latestStamp() {
        return JobLog.written(job, cluster.servers()).lines().stream()
                .filter(line -> line.startsWith("20"))
                .map(line -> line.substring(0, "2026-01-01 00:00:00,000".length()))
                .max(String::compareTo)
                .orElseThrow(() -> new AssertionError("no line of " + job));
    }

    private JobLog jobLog() {
        return JobLog.answered(
                Http.get(cluster.balancer().url() + "/v2/job/" + job + "?show=log", Duration.ofSeconds(30)));
    }
}
