package org.oozieha.it.mini;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.client.CoordinatorJob.Execution;
import org.apache.oozie.dependency.hcat.HCatMessageHandler;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;
import org.oozieha.testing.FreePorts;

/** The broker is away for half a minute: what was announced meanwhile, and what is announced after it. Not part of {@code mvn verify}. */
public final class HCatBrokerOutageFaults extends HCatTestCase {
    private static final long OUTAGE_MS = 30_000;
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

    public void test_partitions_announced_in_an_outage_and_after_it_make_their_actions_ready() throws Exception {
        HCatURI lookedUp = partition(metastore().endpoint(), newTable(), "1");
        // of a metastore that nobody can ask: only a message can make it ready
        HCatURI heard = partition("127.0.0.1:" + FreePorts.one(), newTable(), "1");
        bootPack();
        PartitionDependencyManagerService dependencies = Services.get().get(PartitionDependencyManagerService.class);
        String first = waitingAction(Execution.FIFO, 0, lookedUp.toURIString());
        dependencies.runCachePurgeWorker();
        eventually(
                "looked up once registered and once listened to",
                true,
                () -> Statements.with(LOOKED_UP) >= 2 && !isLookingUp());
        String second = waitingAction(Execution.FIFO, 0, heard.toURIString());
        HCatAccessorService accessor = Services.get().get(HCatAccessorService.class);
        accessor.registerForNotification(
                heard, "hcat.default." + heard.getTable(), new HCatMessageHandler(heard.getServer()));
        dependencies.runCachePurgeWorker();
        eventually("registered", true, () -> dependencies.getWaitingActions(heard) != null);
        assertTrue("listening", accessor.isRegisteredForNotification(lookedUp));
        broker().kill();
        long gone = System.nanoTime();
        try {
            metastore().addPartition(lookedUp.getTable(), "1");
        } catch (IOException announcedToNobody) {
            // Hive's listener complains; the partition is there
        }
        eventually(
                2 * OUTAGE_MS,
                "the outage lasts, or somebody knows",
                true,
                () -> System.nanoTime() - gone >= TimeUnit.MILLISECONDS.toNanos(OUTAGE_MS)
                        || !statusOf(first).equals("WAITING"));
        assertEquals("nobody can know", "WAITING", statusOf(first));
        broker().launch().awaitReady();
        long back = System.nanoTime();
        eventually(30_000, "announced to nobody", "READY", () -> statusOf(first));
        HCatFigures.put("pack", "broker away for 30 s: announced meanwhile, READY after its return", ms(back));
        metastore().kill(); // Hive's listener does not connect again by itself
        metastore().launch().awaitReady();
        assertEquals("WAITING", statusOf(second));
        metastore().addPartition(heard.getTable(), "1");
        long added = System.nanoTime();
        eventually("announced after the outage", "READY", () -> statusOf(second));
        HCatFigures.put("pack", "broker away for 30 s: announced after it, READY by the message alone", ms(added));
    }

    private static boolean isLookingUp() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals("org.oozieha.hcat.RecordedLookup"));
    }

    private static String ms(long sinceNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos) + " ms";
    }
}
