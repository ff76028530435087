package org.oozieha.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperView;

/**
 * Two thousand SLAs over three servers, and while they become due one server after the other is killed or stands still.
 *
 * <p>System properties: {@code faults.slas} (2000), {@code it.seed} (1).
 */
public final class SlaFaults {
    private static final int JOBS = Integer.getInteger("faults.slas", 2_000);
    private static final Duration DUE_OVER = Duration.ofSeconds(120);
    private static final Duration AFTER_LAST = Duration.ofSeconds(240);
    private static final long SEED = Long.getLong("it.seed", 1);

    private final Random random = new Random(SEED);
    private Mailbox mailbox;
    private Cluster cluster;
    private int kills;
    private int pauses;

    @Before
    public void start() {
        mailbox = new Mailbox();
        cluster = Cluster.start(
                Workspace.emptied("faults-sla"),
                SlaJobs.followed(new ClusterSettings().servers(3, HaServices.PACK), HaServices.PACK, mailbox)
                        .property("oozie.service.EventHandlerService.batch.size", 50),
                line -> {});
    }

    @After
    public void stop() {
        cluster.close();
        mailbox.close();
    }

    @Test
    public void every_miss_is_recorded_once_and_mailed_at_least_once() {
        SlaJobs jobs = new SlaJobs(cluster);
        Instant first = Instant.now().plus(Duration.ofMillis(60L * JOBS)).plusSeconds(15);
        jobs.submit(
                JOBS,
                i -> cluster.server(1 + i % 3).url(),
                i -> first.plus(DUE_OVER.multipliedBy(i).dividedBy(JOBS)));
        Instant last = first.plus(DUE_OVER);
        while (Instant.now().isBefore(last)) {
            disturb(cluster.server(1 + random.nextInt(3)));
        }
        Waiting.until(
                "a mail for each, seed " + SEED,
                AFTER_LAST,
                () -> jobs.mailed(mailbox).size() == JOBS);
        Waiting.until("all are marked, seed " + SEED, AFTER_LAST, () -> jobs.delivered()
                .equals(jobs.recorded()));
        report(jobs);
        assertEquals("seed " + SEED, jobs.once(), jobs.recorded());
        assertTrue("kills " + kills + ", pauses " + pauses, kills + pauses > 2);
    }

    private void disturb(OozieServer victim) {
        if (random.nextBoolean()) {
            kills++;
            victim.kill();
            awaitTakeover(victim);
            victim.start();
            victim.awaitReady();
        } else {
            pauses++;
            victim.pause();
            awaitTakeover(victim);
            victim.resume();
        }
    }

    private void awaitTakeover(OozieServer victim) {
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            Waiting.until(victim.id() + " is gone", Duration.ofSeconds(60), () -> !view.servers()
                    .contains(victim.id()));
        }
    }

    private void report(SlaJobs jobs) {
        List<Duration> delays = jobs.delays(mailbox);
        Map<String, Integer> mailed = jobs.mailed(mailbox);
        long doubled = mailed.values().stream().filter(count -> count > 1).count();
        long twice =
                jobs.recorded().values().stream().filter(count -> count > 1).count();
        System.out.println("slas=" + JOBS + " kills=" + kills + " pauses=" + pauses + " seed=" + SEED
                + " events_lost=" + (JOBS - jobs.recorded().size()) + " events_doubled=" + twice + " mails_lost="
                + (JOBS - mailed.size()) + " mails_doubled=" + doubled + " due_to_mail_ms: median="
                + delays.get(delays.size() / 2).toMillis() + " p99="
                + delays.get(delays.size() * 99 / 100).toMillis() + " longest="
                + delays.get(delays.size() - 1).toMillis());
    }
}
