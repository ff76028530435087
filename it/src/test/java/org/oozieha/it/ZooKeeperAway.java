package org.oozieha.it;

import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.Assume;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;
import org.oozieha.it.harness.ZooKeeperView;

/** Every ZooKeeper server is killed under running jobs, for longer than the session timeout, and started again. */
public final class ZooKeeperAway {
    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    @Test
    public void no_server_ends_submissions_are_accepted_and_all_jobs_succeed_afterwards() {
        Assume.assumeTrue("stock servers exit", SharedCluster.services() == HaServices.PACK);
        Cluster cluster = CLUSTER.cluster();
        List<Long> processes = cluster.servers().stream().map(OozieServer::pid).collect(Collectors.toList());
        Workload workload = new Workload(cluster);
        workload.workflows("before", 6, Duration.ofSeconds(2), done -> {});
        long away = System.nanoTime();
        cluster.zooKeeper().kill();
        workload.workflows("during", 3, Duration.ofMillis(10), done -> {});
        Duration outage = SharedCluster.SESSION.plus(SharedCluster.SESSION.dividedBy(2));
        Waiting.until(
                "the outage is longer than the session timeout",
                outage.plusSeconds(5),
                () -> System.nanoTime() - away > outage.toNanos());
        cluster.zooKeeper().start();
        workload.awaitSuccess(Duration.ofSeconds(120));
        assertEquals(
                processes, cluster.liveServers().stream().map(OozieServer::pid).collect(Collectors.toList()));
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            Waiting.until(
                    "all servers are registered",
                    Duration.ofSeconds(30),
                    () -> view.servers().size() == 3);
        }
    }
}
