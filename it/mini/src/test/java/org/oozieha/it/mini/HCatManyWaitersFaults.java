package org.oozieha.it.mini;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.client.CoordinatorJob.Execution;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;

/** Five thousand waiting actions: what it takes to register them and to look up what they wait for. Not part of {@code mvn verify}. */
public final class HCatManyWaitersFaults extends HCatTestCase {
    private static final int ACTIONS = 5_000;
    private static final long BOUND_MS = 180_000;
    private static final String READ = "t0.push_missing_dependencies from";
    private static final String LOOKED_UP = "t0.run_conf from";

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        emptyDatabase();
        Statements.listen();
    }

    @Override
    protected void tearDown() throws Exception {
        Statements.stopListening();
        super.tearDown();
    }

    public void test_five_thousand_actions_for_a_hundred_partitions() throws Exception {
        rebuild(100);
    }

    public void test_five_thousand_actions_for_a_partition_each() throws Exception {
        rebuild(ACTIONS);
    }

    private void rebuild(int partitions) throws Exception {
        String table = newTable();
        bootPack();
        for (int i = 0; i < ACTIONS; i++) {
            waitingAction(
                    100_000 + i,
                    Execution.FIFO,
                    0,
                    partition(metastore().endpoint(), table, Integer.toString(i % partitions))
                            .toURIString());
        }
        PartitionDependencyManagerService dependencies = Services.get().get(PartitionDependencyManagerService.class);
        HCatURI last = partition(metastore().endpoint(), table, Integer.toString(partitions - 1));
        String situation = ACTIONS + " actions, " + partitions + " partitions: ";
        long before = usedKilobytes();
        Statements.reset();
        long began = System.nanoTime();
        dependencies.runCachePurgeWorker();
        eventually(BOUND_MS, "registered", ACTIONS / partitions, () -> {
            Collection<String> waiting = dependencies.getWaitingActions(last);
            return waiting == null ? 0 : waiting.size();
        });
        HCatFigures.put("pack", situation + "registered after", ms(began));
        int reads = Statements.with(READ);
        assertTrue("pages read: " + reads, reads > ACTIONS / 500 && reads < 2 * ACTIONS / 500);
        HCatFigures.put("pack", situation + "queries for that", Integer.toString(reads));
        HCatFigures.put("pack", situation + "memory", usedKilobytes() - before + " kB");
        eventually("the topic is listened to", true, () -> Statements.with(LOOKED_UP) > 20);
        String action = String.format("%07d-260101000000000-oozie-hcat-C@1", 100_000 + partitions - 1);
        metastore().addPartition(table, Integer.toString(partitions - 1));
        long added = System.nanoTime();
        eventually("status", "READY", () -> statusOf(action));
        HCatFigures.put("pack", situation + "READY after its partition", ms(added));
        int enough = Math.min(partitions, 1_000);
        eventually(BOUND_MS, "looked up", true, () -> Statements.with(LOOKED_UP) >= enough);
        HCatFigures.put("pack", situation + enough + " partitions looked up after", ms(began));
    }

    private static String ms(long sinceNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos) + " ms";
    }

    private static long usedKilobytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1024;
    }
}
