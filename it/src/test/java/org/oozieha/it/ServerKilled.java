package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.Http;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieCommand;
import org.oozieha.it.harness.StatusWrite;
import org.oozieha.it.harness.Takeover;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;
import org.oozieha.it.harness.ZooKeeperView;

/** Sixty workflows and a coordinator run; the leader, holding at least five locks, is killed with {@code kill -9}. */
public final class ServerKilled {
    private static final int WORKFLOWS = 60;
    private static final Duration HOLD = Duration.ofSeconds(2);

    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    private static Cluster cluster;
    private static Workload workload;
    private static Takeover takeover;
    private static Duration departure;
    private static String serversShown;
    private static String newLeader;

    @BeforeClass
    public static void a_busy_leader_is_killed() {
        cluster = CLUSTER.cluster();
        workload = new Workload(cluster);
        workload.coordinator("every-minute", 3);
        workload.workflows("job", WORKFLOWS, HOLD, done -> {});
        takeover = Takeover.ofLeader(cluster, Duration.ofSeconds(60));
        departure = takeover.awaitDeparture(Duration.ofSeconds(60));
        serversShown = new OozieCommand(cluster).run("admin", "-servers");
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            newLeader = Waiting.forValue("another server leads", Duration.ofSeconds(10), view::leader);
        }
        workload.awaitSuccess(Duration.ofSeconds(240));
    }

    @AfterClass
    public static void a_supervisor_restarts_it() {
        CLUSTER.makeWhole();
    }

    @Test
    public void all_jobs_succeed() {
        assertEquals(WORKFLOWS + 1, workload.count("SUCCEEDED"));
    }

    @Test
    public void the_killed_server_held_at_least_five_locks() {
        assertTrue(takeover.heldLocks().toString(), takeover.heldLocks().size() >= 5);
    }

    @Test
    public void another_server_went_on_with_every_job_the_killed_one_had_locked() {
        List<String> locked = takeover.heldLocks().stream()
                .map(key -> key.split("@", 2)[0])
                .distinct()
                .filter(job -> job.endsWith("-W"))
                .collect(Collectors.toList());
        assertEquals(
                new TreeSet<>(locked),
                takeover.firstWritesOfOthers().stream()
                        .map(write -> write.id().split("@", 2)[0])
                        .filter(job -> job.endsWith("-W"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    public void another_server_picks_up_each_job_the_killed_one_had_locked_within_the_promised_time() {
        Map<String, Duration> pickedUp = takeover.pickedUpByOthers();
        Map<String, Duration> progress = takeover.firstProgressOfOthers();
        assertFalse(progress.isEmpty());
        Duration promised = Waiting.scaled(promised());
        progress.forEach((job, wentOn) -> {
            Duration after = pickedUp.getOrDefault(job, wentOn);
            after = after.compareTo(wentOn) < 0 ? after : wentOn;
            System.out.println(
                    job + " picked up after " + after.toMillis() + " ms, went on after " + wentOn.toMillis() + " ms");
            assertTrue(job + " after " + after + ", promised " + promised, after.compareTo(promised) <= 0);
        });
    }

    @Test
    public void the_killed_server_is_gone_from_the_list_within_the_promised_time() {
        Duration promised = promised();
        assertTrue(
                "gone after " + departure + ", promised " + promised,
                departure.compareTo(Waiting.scaled(promised)) <= 0);
        assertEquals(
                serversShown,
                2,
                OozieCommand.linesWith(serversShown, " : http://").size());
        assertFalse(serversShown, serversShown.contains(cluster.announcedUrl(takeover.victim())));
    }

    private static Duration promised() {
        Duration tick = cluster.zooKeeper().tick();
        return SharedCluster.SESSION.plus(tick.multipliedBy(3).dividedBy(2)).plus(Duration.ofSeconds(2));
    }

    @Test
    public void another_server_leads() {
        assertNotEquals(takeover.victim().id(), newLeader);
        assertTrue(newLeader, cluster.server(newLeader).isAlive());
    }

    @Test
    public void no_job_id_was_issued_twice() {
        assertEquals(WORKFLOWS + 1, new TreeSet<>(workload.jobs()).size());
        List<String> numbers = workload.jobs().stream()
                .map(id -> id.substring(0, id.indexOf("-", 8)))
                .collect(Collectors.toList());
        assertEquals(numbers.size(), new TreeSet<>(numbers).size());
    }

    @Test
    public void no_ended_job_or_action_was_changed_again() {
        List<StatusWrite> stale = cluster.audit().writesOf("").stream()
                .filter(StatusWrite::isStale)
                .collect(Collectors.toList());
        assertEquals(Collections.emptyList(), stale);
    }

    @Test
    public void the_log_of_a_job_that_moved_holds_every_line_of_the_live_servers() {
        List<String> moved = new ArrayList<>();
        for (Map.Entry<String, JobLog> logged :
                JobLog.written(workload.jobs(), cluster.liveServers()).entrySet()) {
            String job = logged.getKey();
            JobLog written = logged.getValue().shownFor(cluster.audit().lastStatusChange(job));
            if (job.endsWith("-W") && written.servers().size() >= 2) {
                moved.add(job);
                JobLog answered = JobLog.answered(
                        Http.get(cluster.balancer().url() + "/v2/job/" + job + "?show=log", Duration.ofSeconds(30)));
                assertEquals(job, Collections.emptyList(), written.missingIn(answered));
                assertNull(job, answered.firstOutOfOrder());
                assertTrue(job, answered.servers().size() >= 2);
            }
        }
        assertFalse("no job has lines of two live servers", moved.isEmpty());
    }
}
