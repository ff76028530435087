package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HiveProcess;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workspace;

/**
 * Coordinator actions that wait for partitions of a real metastore, announced by a real broker, on three servers: how long after the
 * partition they leave WAITING, with the server alive that had registered them, and dead; with the pack and without. A quarter of an hour for
 * stock's defaults. Not part of {@code mvn verify}; the table is {@code target/hcat.md}.
 */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public final class HCatFaults {
    private static final HCatTable TABLE = new HCatTable();
    private static final Duration LOOKUPS_OVER = Duration.ofSeconds(5);
    private static final Duration REST_OF_OUTAGE = Duration.ofSeconds(25);
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration POLL_AND_RECOVERY_OF_STOCK = Duration.ofMinutes(13);

    private static final String SKIPPED = "SKIPPED";
    private static final String ALIVE = "registrar alive, run ";
    private static final String IN_OUTAGE = "added in an outage of the broker of 30 s (from its return)";
    private static final String AFTER_OUTAGE = "added after that outage";
    private static final String BEFORE = "registrar killed, added before the takeover";
    private static final String DURING = "registrar killed, added when its session ends";
    private static final String AFTER = "registrar killed, added 15 s after that";
    private static final String NONE = "registrar killed, execution NONE, added within its tolerance of a minute";
    private static final Set<String> NOT_AT_ONCE = new HashSet<>(Arrays.asList(IN_OUTAGE, BEFORE, DURING, NONE));
    private static final String TWICE = "another server killed, added after the takeover, run ";

    private final Map<String, HCatWaiter> waiters = new LinkedHashMap<>();
    private final Set<String> skipped = new HashSet<>();
    private HiveProcess broker;
    private HiveProcess metastore;
    private Cluster cluster;
    private WaitingEnds ends;

    @Test
    public void a_the_pack_makes_every_action_ready_within_seconds() {
        Duration bound = Waiting.scaled(SOON);
        Map<String, Duration> after = measured(HCatSide.PACK);
        for (String situation : after.keySet()) {
            Duration most = NOT_AT_ONCE.contains(situation) ? bound.plus(cluster.session()) : bound;
            assertTrue(
                    situation + ": " + after.get(situation),
                    after.get(situation).compareTo(most) < 0);
        }
        assertEquals(
                "skipped (the one of execution NONE also if three more waiters, the kill and the takeover took longer than what was"
                        + " left of its minute, which is Oozie's and does not scale)",
                Collections.emptySet(),
                skipped);
    }

    @Test
    public void b_stock_at_intervals_of_seconds() {
        measured(HCatSide.STOCK_SCALED);
    }

    @Test
    public void c_stock_takes_minutes_h1_and_skips_an_action_of_execution_none_h2() {
        Map<String, Duration> after = measured(HCatSide.STOCK);
        for (String situation : new String[] {BEFORE, DURING, AFTER}) {
            assertTrue(
                    situation + ": " + after.get(situation),
                    after.get(situation).getSeconds() > 120);
        }
        assertEquals(Collections.singleton(NONE), skipped);
    }

    /** From the partition to the end of WAITING, in each situation. */
    private Map<String, Duration> measured(HCatSide side) {
        Workspace workspace = Workspace.emptied("hcat-" + side.name().toLowerCase(Locale.ROOT));
        try (HiveProcess announces = HiveProcess.broker(workspace);
                HiveProcess has = HiveProcess.metastore(workspace, announces);
                Cluster servers = Cluster.start(workspace, side.settings(announces.endpoint()), line -> {});
                WaitingEnds seen = new WaitingEnds(servers.database())) {
            broker = announces;
            metastore = has;
            cluster = servers;
            ends = seen;
            registrarAlive();
            brokerDown();
            registrarKilled(side);
            return report(side);
        } finally {
            workspace.deleteBulk();
        }
    }

    private void registrarAlive() {
        for (int server = 1; server <= 3; server++) {
            waiter(ALIVE + server, server, "FIFO").addPartition();
        }
    }

    private void brokerDown() {
        HCatWaiter during = waiter(IN_OUTAGE, 2, "FIFO");
        HCatWaiter after = waiter(AFTER_OUTAGE, 3, "FIFO");
        broker.kill();
        Waiting.letPass(LOOKUPS_OVER);
        during.addPartitionToNobody();
        Waiting.letPass(REST_OF_OUTAGE);
        broker.start();
        during.countFromNow();
        // longer than the pause between two attempts at the broker: the lookup that follows must not meet the restart
        // below
        Duration soon = SOON.plus(cluster.session());
        Instant patience = Instant.now().plus(soon);
        Waiting.until(
                "it is ready, or not soon",
                soon.plusSeconds(5),
                () -> !ends.isWaiting(during.job()) || Instant.now().isAfter(patience));
        metastore.kill(); // Hive's listener does not connect again by itself
        metastore.start();
        after.addPartition();
    }

    private void registrarKilled(HCatSide side) {
        List<HCatWaiter> twice = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            twice.add(waiter(TWICE + i, 2, "FIFO"));
        }
        // nominal times are whole minutes, and Oozie skips an action of NONE that is not ready within a minute of its
        // own
        Waiting.until(
                "a minute begins", Duration.ofSeconds(65), () -> Instant.now().getEpochSecond() % 60 < 15);
        HCatWaiter none = waiter(NONE, 1, "NONE");
        HCatWaiter before = waiter(BEFORE, 1, "FIFO");
        HCatWaiter during = waiter(DURING, 1, "FIFO");
        HCatWaiter after = waiter(AFTER, 1, "FIFO");
        cluster.server(1).kill();
        none.addPartition();
        before.addPartition();
        Waiting.letPass(cluster.session());
        during.addPartition();
        Waiting.letPass(SOON);
        after.addPartition();
        long both =
                twice.stream().filter(waiter -> waiter.listeners().size() == 2).count();
        TABLE.put(side, "of the next four, how many are listened for on both servers", Long.toString(both));
        twice.forEach(HCatWaiter::addPartition);
    }

    private HCatWaiter waiter(String situation, int registrar, String execution) {
        String table = "t" + waiters.size();
        HCatWaiter waiter = new HCatWaiter(cluster, metastore, cluster.server(registrar), table, execution);
        waiters.put(situation, waiter);
        return waiter;
    }

    private Map<String, Duration> report(HCatSide side) {
        Map<String, Duration> all = new LinkedHashMap<>();
        waiters.forEach((situation, waiter) -> {
            Duration after = Duration.between(waiter.added(), ends.await(waiter.job(), POLL_AND_RECOVERY_OF_STOCK));
            Waiting.until(
                    situation + ": it is started or skipped",
                    SOON,
                    () -> waiter.workflows() > 0 || waiter.status().equals(SKIPPED));
            if (waiter.status().equals(SKIPPED)) {
                skipped.add(situation);
            }
            String seconds = String.format(Locale.ROOT, "%.1f", after.toMillis() / 1000.0);
            TABLE.put(side, situation, skipped.contains(situation) ? SKIPPED + " after " + seconds : seconds);
            all.put(situation, after);
        });
        waiters.forEach((situation, waiter) ->
                assertTrue(situation + ": workflows=" + waiter.workflows(), waiter.workflows() <= 1));
        return all;
    }
}
