package org.oozieha.it.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.SlaJobs;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.ZooKeeperView;

/** Many SLAs over three servers, and while they become due one server after the other is killed or stands still. */
final class SlaChaos implements Scenario {
    private static final Duration FIRST = Duration.ofSeconds(15);
    private static final Duration SHORTEST = Duration.ofSeconds(60);
    private static final Duration EACH = Duration.ofMillis(120);
    private static final Duration AFTER_LAST = Duration.ofSeconds(90);
    private static final Duration GONE_OR_BACK = Duration.ofSeconds(60);

    private final int count;
    private final long seed;

    SlaChaos(int count, long seed) {
        this.count = count;
        this.seed = seed;
    }

    @Override
    public String name() {
        return "sla_chaos";
    }

    @Override
    public String title() {
        return count + " SLAs registered at three servers and missed within " + over().getSeconds()
                + " s, in which one server after the other is killed and started again or stands still until the others have missed"
                + " it, seed " + seed + "; intervals as in sla_registrar";
    }

    private Duration over() {
        Duration over = EACH.multipliedBy(count);
        return over.compareTo(SHORTEST) < 0 ? SHORTEST : over;
    }

    @Override
    public boolean isHeavy() {
        return true;
    }

    @Override
    public int runs(int repetitions) {
        return Math.max(1, repetitions / 3);
    }

    @Override
    public List<Measure> measures() {
        List<Measure> measures = new ArrayList<>(Arrays.asList(
                Measure.of("slas", "SLAs").atLeast(count),
                Measure.of("kills", "servers killed").atLeast(1),
                Measure.of("pauses", "servers that stood still").atLeast(1),
                Measure.of("exits", "servers that ended by themselves").atMost(0)));
        measures.addAll(SlaTally.lostAndDoubled("", ""));
        measures.addAll(Arrays.asList(
                Measure.of("due_to_mail_median_ms", "due to mail, median"),
                Measure.of("due_to_mail_p99_ms", "due to mail, 99 of 100"),
                Measure.of("due_to_mail_longest_ms", "due to mail, longest")));
        return measures;
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return Scenario.super.settings(side).slas(side).property("oozie.service.EventHandlerService.batch.size", 50);
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        Random random = new Random(seed + arena.number() - 1);
        SlaJobs jobs = new SlaJobs(cluster);
        SlaTally tally = new SlaTally(jobs);
        jobs.submit(count, i -> cluster.server(1 + i % 3));
        arena.says(jobs.size() + " SLAs registered");
        Instant first = Instant.now().plus(FIRST);
        jobs.makeDue(first, over());
        int kills = 0;
        int pauses = 0;
        int exits = 0;
        boolean killsFirst = random.nextBoolean();
        while (Instant.now().isBefore(first.plus(over()))) {
            Waiting.letPass(Duration.ofMillis(random.nextInt(5_000)));
            OozieServer victim = cluster.server(1 + random.nextInt(3));
            // one of each at least
            boolean kill = kills + pauses < 2 ? killsFirst == (kills + pauses == 0) : random.nextBoolean();
            arena.says((kill ? "kill " : "pause ") + victim.id());
            if (kill) {
                kills++;
                kill(cluster, victim);
            } else {
                pauses++;
                pause(cluster, victim);
            }
            exits += supervise(arena, kill ? victim : null);
        }
        exits += supervise(arena, null);
        cluster.makeWhole();
        tally.awaitAll(AFTER_LAST);
        jobs.awaitQuiet();
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("slas", jobs.size());
        figures.put("kills", kills);
        figures.put("pauses", pauses);
        figures.put("exits", exits);
        tally.putLostAndDoubled(figures, "");
        tally.putDelays(figures, "due_to_mail_");
        return figures;
    }

    private static void kill(Cluster cluster, OozieServer victim) {
        victim.kill();
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            awaitTakeover(view, victim);
        }
    }

    private static void pause(Cluster cluster, OozieServer victim) {
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            victim.pause();
            try {
                awaitTakeover(view, victim);
            } finally {
                victim.resume();
            }
            Waiting.until(
                    victim.id() + " is back or has ended",
                    GONE_OR_BACK,
                    () -> !victim.isAlive() || view.servers().contains(victim.id()));
        }
    }

    /** Starts what has ended; returns how many ended by themselves. */
    private static int supervise(Arena arena, OozieServer killed) {
        int exits = 0;
        for (OozieServer server : arena.cluster().servers()) {
            if (!server.isAlive()) {
                exits += server == killed ? 0 : 1;
                server.start();
                server.awaitReady();
            }
        }
        return exits;
    }

    private static void awaitTakeover(ZooKeeperView view, OozieServer victim) {
        Waiting.until(
                victim.id() + " is gone", GONE_OR_BACK, () -> !view.servers().contains(victim.id()));
    }
}
