package org.oozieha.it.mini;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.client.CoordinatorJob.Execution;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;

/** Five thousand waiting actions: what it takes to register them. Not part of {@code mvn verify}; run it by name. */
public final class HCatManyWaitersFaults extends HCatTestCase {
    private static final int ACTIONS = 5_000;
    private static final int PARTITIONS = 100;

    public void test_five_thousand_actions_are_registered_and_get_their_partitions() throws Exception {
        String table = newTable();
        bootPack();
        for (int i = 0; i < ACTIONS; i++) {
            waitingAction(
                    100_000 + i,
                    Execution.FIFO,
                    0,
                    partition(metastore().endpoint(), table, Integer.toString(i % PARTITIONS))
                            .toURIString());
        }
        PartitionDependencyManagerService dependencies = Services.get().get(PartitionDependencyManagerService.class);
        HCatURI last = partition(metastore().endpoint(), table, Integer.toString(PARTITIONS - 1));
        long before = usedKilobytes();
        long began = System.nanoTime();
        dependencies.runCachePurgeWorker();
        eventually("registered", ACTIONS / PARTITIONS, () -> {
            Collection<String> waiting = dependencies.getWaitingActions(last);
            return waiting == null ? 0 : waiting.size();
        });
        System.out.println("HCAT registered " + ACTIONS + " actions in ms="
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " kilobytes="
                + (usedKilobytes() - before));
        String action = String.format("%07d-260101000000000-oozie-hcat-C@1", 100_000 + PARTITIONS - 1);
        metastore().addPartition(table, Integer.toString(PARTITIONS - 1));
        eventually("status", "READY", () -> statusOf(action));
    }

    private static long usedKilobytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1024;
    }
}
