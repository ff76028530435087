package org.oozieha.simulation;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import org.junit.Test;

/**
 * The pack's lock, fence, partition and takeover under random joins, crashes, pauses, partitions, outages, wipes, stops and clock rates.
 *
 * <p>Invariants: one effective holder per key, at every step and at every commit; no commit by a gone incarnation; every job finished
 * once, eventually; no place in a queue is left behind.
 */
public final class ClusterSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);
    private static final long FIRST = Long.getLong("it.seed", 1);

    @Test
    public void the_invariants_hold_for_each_seed() {
        Seeds seeds = new Seeds(Variant.PRODUCTION);
        seeds.run(FIRST, SEEDS);
        seeds.failure().ifPresent(failure -> {
            throw failure;
        });
        System.out.println("simulation: " + seeds);
        if (SEEDS >= 100) {
            everythingHappened(seeds.counts());
        }
    }

    private static void everythingHappened(Map<String, Integer> counts) {
        String[] events = {
            "crash",
            "pause",
            "cut",
            "follower cut",
            "outage",
            "expire",
            "wipe",
            "drain",
            "stop",
            "callbacks late",
            "join",
            "database down",
            "mark",
            "mark waits",
            "takeover",
            "vetoed",
            "refused",
            "lock not obtained",
            "commit"
        };
        for (String event : events) {
            assertTrue(event + " never happened: " + counts, counts.getOrDefault(event, 0) > 0);
        }
        assertTrue("mostly commits: " + counts, counts.get("commit") > 20 * counts.get("vetoed"));
    }

    @Test
    public void a_seed_decides_everything() {
        World once = new World(FIRST, Variant.PRODUCTION);
        once.run();
        World again = new World(FIRST, Variant.PRODUCTION);
        again.run();
        assertEquals(once.lately(), again.lately());
        assertEquals(once.trace(), again.trace());
        World other = new World(FIRST + 1, Variant.PRODUCTION);
        other.run();
        assertTrue("the seed is used", other.trace() != once.trace());
    }
}
