package org.oozieha.it.mini;

import java.io.IOException;
import org.apache.oozie.client.CoordinatorJob.Execution;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;

/**
 * The broker dies and comes back: what was announced meanwhile, and what is announced after it. Not part of {@code mvn verify}; run it by
 * name.
 */
public final class HCatBrokerOutageFaults extends HCatTestCase {
    public void test_partitions_announced_in_an_outage_and_after_it_make_their_actions_ready() throws Exception {
        String table = newTable();
        HCatURI during = partition(metastore().endpoint(), table, "during");
        HCatURI after = partition(metastore().endpoint(), table, "after");
        bootPack();
        String first = waitingAction(Execution.FIFO, 0, during.toURIString());
        String second = waitingAction(Execution.FIFO, 0, after.toURIString());
        Services.get().get(PartitionDependencyManagerService.class).runCachePurgeWorker();
        eventually("listening", true, () -> Services.get()
                .get(HCatAccessorService.class)
                .isRegisteredForNotification(after));
        broker().kill();
        try {
            metastore().addPartition(table, "during");
        } catch (IOException announcedToNobody) {
            // Hive's listener complains; the partition is there
        }
        broker().launch().awaitReady();
        eventually("announced to nobody", "READY", () -> statusOf(first));
        assertEquals("WAITING", statusOf(second));
        metastore().kill(); // Hive's listener does not connect again by itself
        metastore().launch().awaitReady();
        metastore().addPartition(table, "after");
        eventually("announced after the outage", "READY", () -> statusOf(second));
    }
}
