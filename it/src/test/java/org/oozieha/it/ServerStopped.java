package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.StatusWrite;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;
import org.oozieha.it.harness.ZooKeeperView;

/** A server is stopped as an operator stops it, while it works. */
public final class ServerStopped {
    private static final int WORKFLOWS = 15;
    private static final Duration PEERS_BEGIN = Duration.ofSeconds(2);

    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    private Cluster cluster;
    private Workload workload;
    private OozieServer stopped;

    @Before
    public void a_server_works() {
        Assume.assumeTrue("stock servers do not hand over", SharedCluster.services() == HaServices.PACK);
        cluster = CLUSTER.cluster();
        workload = new Workload(cluster);
        for (int i = 0; i < WORKFLOWS; i++) {
            workload.workflow("stop-" + i, Duration.ofSeconds(1));
        }
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            stopped = Waiting.forValue("a server holds a lock", Duration.ofSeconds(60), () -> cluster.servers().stream()
                    .filter(server -> view.heldLocks().getOrDefault(server.id(), Collections.emptyList()).stream()
                            .anyMatch(key -> workload.jobs().contains(key)))
                    .findFirst()
                    .orElse(null));
        }
    }

    @After
    public void it_is_started_again() {
        if (stopped != null) {
            CLUSTER.makeWhole();
        }
    }

    @Test
    public void its_peers_take_over_within_two_seconds_and_no_work_is_lost() {
        long vetoedBefore = vetoes();
        long asked = System.currentTimeMillis();
        assertTrue("it ends by itself", stopped.stop());
        workload.awaitSuccess(Duration.ofSeconds(120));
        assertEquals(WORKFLOWS, workload.count("SUCCEEDED"));
        long began = firstTakeoverAfter(asked);
        System.out.println("peers began to take over after " + (began - asked) + " ms");
        Duration bound = Waiting.scaled(PEERS_BEGIN);
        assertTrue((began - asked) + " ms", began - asked <= bound.toMillis());
        List<StatusWrite> stale = workload.jobs().stream()
                .flatMap(job -> cluster.audit().writesOf(job).stream())
                .filter(StatusWrite::isStale)
                .collect(Collectors.toList());
        assertEquals(Collections.emptyList(), stale);
        assertEquals("commits vetoed on the way", 0, vetoes() - vetoedBefore);
    }

    private long vetoes() {
        return stopped.logLines().stream()
                .filter(line -> line.contains("What was to be written is rolled back"))
                .count();
    }

    private long firstTakeoverAfter(long asked) {
        Pattern began = Pattern.compile("\"began_ms\":(\\d+).*\"left " + stopped.id());
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            return Waiting.forValue("a peer took over", Duration.ofSeconds(20), () -> {
                byte[] lines = view.content("/ha/takeovers");
                Long first = null;
                for (String line :
                        new String(lines == null ? new byte[0] : lines, StandardCharsets.UTF_8).split("\n")) {
                    Matcher found = began.matcher(line);
                    if (found.find() && Long.parseLong(found.group(1)) >= asked && first == null) {
                        first = Long.parseLong(found.group(1));
                    }
                }
                return first;
            });
        }
    }
}
