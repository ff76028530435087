package org.oozieha.it.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.SlaJobs;
import org.oozieha.it.harness.Waiting;

/** SLAs registered at one server, which is alive when they are due, or was killed before; nothing else happens to their jobs. */
final class SlaRegistrar implements Scenario {
    private static final int JOBS = 100;
    private static final Duration FIRST = Duration.ofSeconds(8);
    private static final Duration BEFORE_FIRST = Duration.ofSeconds(1);
    private static final Duration OVER = Duration.ofSeconds(10);
    private static final Duration AFTER_LAST = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "sla_registrar";
    }

    @Override
    public String title() {
        return JOBS
                + " SLAs registered at one server and missed, and the same with this server killed before the first was due;"
                + " job.event.latency " + SlaJobs.NEWS_LATENCY.getSeconds() + " s instead of 90, check.interval "
                + SlaJobs.CHECK.getSeconds() + " s instead of 30";
    }

    @Override
    public List<Measure> measures() {
        List<Measure> measures = new ArrayList<>(Arrays.asList(
                Measure.of("alive_median_ms", "due to mail, registrar alive, median"),
                Measure.of("alive_longest_ms", "due to mail, registrar alive, longest (latency + interval + 5 s)")
                        .atMost(SlaJobs.PROMISED.toMillis()),
                Measure.of("dead_median_ms", "due to mail, registrar dead, median"),
                Measure.of(
                                "dead_longest_ms",
                                "due to mail, registrar dead, longest (latency + interval + T + 1.5 ticks + 2 s + 5 s)")
                        .atMost(SlaJobs.PROMISED
                                .plus(SlaJobs.takeover(SESSION, TICK))
                                .toMillis()),
                Measure.of("dead_not_mailed", "registrar dead: of which no mail had come 60 s after the last was due")
                        .atMost(0)
                        .stockFails(),
                Measure.of("dead_not_announced", "registrar dead: of which no JMS message had come by then")
                        .atMost(0)
                        .stockFails()));
        measures.addAll(SlaTally.lostAndDoubled("alive_", ", registrar alive"));
        measures.addAll(SlaTally.lostAndDoubled("dead_", ", registrar dead, and started again"));
        return measures;
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return Scenario.super.settings(side).slas(side);
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        OozieServer registrar = cluster.server(1);
        Map<String, Number> figures = new LinkedHashMap<>();
        registrarAlive(cluster, registrar, figures);
        registrarDead(arena, registrar, figures);
        return figures;
    }

    private static void registrarAlive(Cluster cluster, OozieServer registrar, Map<String, Number> figures) {
        SlaJobs jobs = new SlaJobs(cluster);
        SlaTally tally = new SlaTally(jobs);
        jobs.submit(JOBS, i -> registrar);
        jobs.makeDue(Instant.now().plus(FIRST), OVER);
        tally.awaitAll(FIRST.plus(OVER).plus(AFTER_LAST));
        tally.putDelays(figures, "alive_");
        jobs.awaitQuiet();
        tally.putLostAndDoubled(figures, "alive_");
    }

    private static void registrarDead(Arena arena, OozieServer registrar, Map<String, Number> figures) {
        SlaJobs jobs = new SlaJobs(arena.cluster());
        SlaTally tally = new SlaTally(jobs);
        jobs.submit(JOBS, i -> registrar);
        Instant first = Instant.now().plus(Waiting.scaled(FIRST));
        jobs.makeDue(first, OVER);
        Waiting.until("the first is nearly due", FIRST, () -> Instant.now().isAfter(first.minus(BEFORE_FIRST)));
        registrar.kill();
        if (Instant.now().isAfter(first)) {
            throw new IllegalStateException("too slow: the first was due before its registrar was killed");
        }
        tally.awaitAll(Duration.between(Instant.now(), first).plus(OVER).plus(AFTER_LAST));
        tally.putDelays(figures, "dead_");
        figures.put("dead_not_mailed", JOBS - jobs.mailed().size());
        figures.put("dead_not_announced", JOBS - jobs.announced().size());
        arena.says("registrar dead: " + jobs.mailed().size() + " mails");
        arena.cluster().makeWhole();
        tally.awaitAll(AFTER_LAST);
        jobs.awaitQuiet();
        tally.putLostAndDoubled(figures, "dead_");
    }
}
