package org.oozieha.it.faults;

import static org.junit.Assert.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Assume;
import org.junit.ClassRule;
import org.junit.Test;
import org.oozieha.it.SharedCluster;
import org.oozieha.it.harness.HaServices;

/** The faults that take little time, once each, with the limits of the long forms. */
public final class ShortFaults {
    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;

    @After
    public void the_cluster_is_made_whole() {
        CLUSTER.makeWhole();
    }

    @Test
    public void a_lock_holder_that_wakes_up_after_others_finished_its_jobs_changes_nothing() {
        assertKept(HolderPaused.briefly());
    }

    @Test
    public void a_server_cut_off_from_zookeeper_lives_on_and_nothing_is_lost_or_done_twice() {
        assertKept(Outage.brieflyOfOneLink());
    }

    @Test
    public void a_rolling_restart_under_a_stream_of_submissions_loses_and_doubles_nothing() {
        assertKept(Rolling.restart());
    }

    private static void assertKept(Scenario scenario) {
        Assume.assumeTrue("stock servers fail here", SharedCluster.services() == HaServices.PACK);
        Arena arena = new Arena(
                CLUSTER.cluster(), HaServices.PACK, 1, line -> System.out.println(scenario.name() + ": " + line));
        Map<String, Number> figures = scenario.run(arena);
        System.out.println(scenario.name() + ": " + figures);
        List<Map<String, Number>> runs = Collections.singletonList(figures);
        Result result = new Result(scenario, runs, Collections.emptyList(), Collections.emptyList());
        assertEquals(Collections.emptyList(), result.missed());
    }
}
