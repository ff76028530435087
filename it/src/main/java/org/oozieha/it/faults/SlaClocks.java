package org.oozieha.it.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oozieha.it.harness.ClockSkew;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.SlaJobs;

/** Servers whose clocks are half a minute apart from one to the next; the one that is behind registers and is killed. */
final class SlaClocks implements Scenario {
    private static final int JOBS = 60;
    private static final Duration APART = Duration.ofSeconds(30);
    private static final Duration FIRST = APART.plusSeconds(10);
    private static final Duration OVER = Duration.ofSeconds(10);
    private static final Duration AFTER_LAST = APART.plusSeconds(60);

    @Override
    public String name() {
        return "sla_clocks";
    }

    @Override
    public String title() {
        return "three servers with clocks " + APART.getSeconds() + " s behind, right and " + APART.getSeconds()
                + " s ahead; " + JOBS + " SLAs registered at the first and missed, and as many with it killed before";
    }

    @Override
    public boolean withStock() {
        return false;
    }

    @Override
    public boolean isPossible() {
        return ClockSkew.isPossible();
    }

    @Override
    public int runs(int repetitions) {
        return 1;
    }

    @Override
    public List<Measure> measures() {
        List<Measure> measures = new ArrayList<>(Arrays.asList(
                Measure.of("clock_apart_ms", "what the servers wrote at the same time, apart")
                        .atLeast(APART.multipliedBy(2).minusSeconds(5).toMillis()),
                Measure.of("alive_longest_ms", "due to mail, longest (30 s + latency + interval + 5 s)")
                        .atMost(APART.plus(SlaJobs.PROMISED).toMillis()),
                Measure.of("dead_longest_ms", "the same, registrar dead (the takeover bound more)")
                        .atMost(APART.plus(SlaJobs.PROMISED)
                                .plus(SlaJobs.takeover(SESSION, TICK))
                                .toMillis())));
        measures.addAll(SlaTally.lostAndDoubled("alive_", ", registrar alive"));
        measures.addAll(SlaTally.lostAndDoubled("dead_", ", registrar dead"));
        return measures;
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return Scenario.super
                .settings(side)
                .slas(side)
                .clock(1, APART.negated())
                .clock(3, APART);
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("clock_apart_ms", apart(cluster));
        phase(cluster, "alive_", () -> {}, figures);
        phase(cluster, "dead_", cluster.server(1)::kill, figures);
        return figures;
    }

    private static void phase(Cluster cluster, String prefix, Runnable fault, Map<String, Number> figures) {
        SlaJobs jobs = new SlaJobs(cluster);
        SlaTally tally = new SlaTally(jobs);
        OozieServer registrar = cluster.server(1);
        jobs.submit(JOBS, i -> registrar);
        jobs.makeDue(Instant.now().plus(FIRST), OVER);
        fault.run();
        tally.awaitAll(FIRST.plus(OVER).plus(AFTER_LAST));
        tally.putDelays(figures, prefix);
        jobs.awaitQuiet();
        tally.putLostAndDoubled(figures, prefix);
    }

    /** By the times that the first and the last server gave to jobs submitted one after the other. */
    private static long apart(Cluster cluster) {
        SlaJobs jobs = new SlaJobs(cluster);
        jobs.submit(1, i -> cluster.server(1));
        jobs.submit(1, i -> cluster.server(3));
        return cluster.database()
                .number(
                        "select (extract(epoch from max(created_time) - min(created_time)) * 1000)::bigint from wf_jobs");
    }
}
