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
import org.oozieha.it.harness.Database;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.SlaJobs;

/** Registrations that the database commits long after the time they bear, followed by servers that have looked meanwhile. */
final class SlaLateCommit implements Scenario {
    private static final int JOBS = 6;
    private static final Duration LATE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "sla_late_commit";
    }

    @Override
    public String title() {
        return JOBS + " missed SLAs whose rows are committed " + LATE.getSeconds()
                + " s after the time they bear; no server joins or leaves, so nobody reads all rows";
    }

    @Override
    public boolean withStock() {
        return false;
    }

    @Override
    public int runs(int repetitions) {
        return 1;
    }

    @Override
    public List<Measure> measures() {
        List<Measure> measures = new ArrayList<>(Arrays.asList(
                Measure.of("other_recorders", "servers that recorded some, beside the one that registered them")
                        .atLeast(1),
                Measure.of("registered_after_ms", "submission to its answer").atLeast(LATE.toMillis()),
                Measure.of("committed_to_last_mail_ms", "last commit to last mail (latency + interval + 5 s)")
                        .atMost(SlaJobs.PROMISED.toMillis())));
        measures.addAll(SlaTally.lostAndDoubled("", ""));
        return measures;
    }

    @Override
    public ClusterSettings settings(HaServices side) {
        return Scenario.super.settings(side).slas(side);
    }

    @Override
    public Map<String, Number> run(Arena arena) {
        Cluster cluster = arena.cluster();
        String name = arena.unique("late");
        commitLate(cluster.database(), name);
        SlaJobs jobs = new SlaJobs(cluster);
        SlaTally tally = new SlaTally(jobs);
        Instant submitted = Instant.now();
        jobs.submitMissed(name, JOBS, cluster.server(1));
        Instant committed = Instant.now();
        tally.awaitAll(Duration.ofSeconds(30));
        Duration heard = Duration.between(committed, Instant.now());
        jobs.awaitQuiet();
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put(
                "other_recorders",
                jobs.recorders().stream()
                        .filter(server -> !server.equals(cluster.server(1).id()))
                        .count());
        figures.put(
                "registered_after_ms", Duration.between(submitted, committed).toMillis());
        figures.put("committed_to_last_mail_ms", heard.toMillis());
        tally.putLostAndDoubled(figures, "");
        return figures;
    }

    private static void commitLate(Database database, String name) {
        String function = name.replace('-', '_');
        database.execute("CREATE FUNCTION " + function + "() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep("
                + LATE.getSeconds() + "); RETURN NULL; END $$ LANGUAGE plpgsql");
        database.execute("CREATE TRIGGER " + function + " AFTER INSERT ON sla_summary FOR EACH ROW WHEN"
                + " (NEW.app_name = '" + name + "') EXECUTE FUNCTION " + function + "()");
    }
}
