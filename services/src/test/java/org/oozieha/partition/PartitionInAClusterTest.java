package org.oozieha.partition;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;

public class PartitionInAClusterTest {
    private static final List<String> JOBS = jobs();

    private final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    private final MemoryCluster a = ensemble.join("a");
    private final MemoryCluster b = ensemble.join("b");
    private final MemoryCluster c = ensemble.join("c");

    @After
    public void close() {
        ensemble.close();
    }

    @Test
    public void joining_servers_share_the_work_until_one_is_active() {
        assertEquals(JOBS.size(), share(a).size() + share(b).size() + share(c).size());
        announce(b, ServerState.ACTIVE);
        assertEquals(JOBS, share(b));
        assertEquals(0, share(a).size() + share(c).size());
    }

    @Test
    public void a_server_that_is_cut_off_owns_nothing_before_its_share_passes_on() {
        announceAll();
        List<String> before = share(a);
        assertTrue(before.size() > JOBS.size() / 5);
        ensemble.cut("a");
        boolean passed = false;
        for (int i = 0; i < 1_000 && !passed; i++) {
            ensemble.advance(100);
            passed = share(b).size() + share(c).size() == JOBS.size();
            if (passed) {
                assertEquals(0, share(a).size());
            }
        }
        assertTrue("the others own everything in the end", passed);
    }

    @Test
    public void a_draining_server_hands_its_share_over_at_once() {
        announceAll();
        announce(c, ServerState.DRAINING);
        assertEquals(0, share(c).size());
        assertEquals(JOBS.size(), share(a).size() + share(b).size());
    }

    private void announceAll() {
        for (MemoryCluster cluster : Arrays.asList(a, b, c)) {
            announce(cluster, ServerState.ACTIVE);
        }
    }

    private void announce(MemoryCluster cluster, ServerState state) {
        cluster.announce(state);
        ensemble.settle();
    }

    private static List<String> share(MemoryCluster cluster) {
        return new Partition(cluster::members, cluster.lease(), cluster.self().id()).owned(JOBS);
    }

    private static List<String> jobs() {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            jobs.add(String.format("%07d-261120101500000-oozie-oozi-W", i));
        }
        return jobs;
    }
}
