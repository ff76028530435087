package org.oozieha.it.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.oozieha.it.bench.Driver.Medians;
import org.oozieha.it.harness.Database;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Postgres;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperEnsemble;
import org.oozieha.it.report.Figures;
import org.oozieha.it.report.Html;
import org.oozieha.it.report.ReportFiles;

/**
 * What the fence costs per writing transaction: the same writes, one thread, on one PostgreSQL, with the pack's database service in each
 * mode and with stock's in the same JVM, taking turns; writes {@code it/target/bench-fence/report.html}.
 *
 * <p>A mode is compared with stock's service transaction by transaction in one JVM, so that neither a machine that becomes faster or
 * slower on the way nor what a JVM has compiled counts; the cost is the median of the ratios of many rounds.
 */
public final class FenceCost {
    private static final int ROUNDS = 150;
    private static final int TRANSACTIONS = 40;
    private static final int WARM_UP = 10_000;

    /** Of the demo's 2,554 transactions that wrote: three statements or more, two, one. */
    private static final Map<String, Double> SHARES = new LinkedHashMap<>();

    static {
        SHARES.put("step", 0.21);
        SHARES.put("action", 0.67);
        SHARES.put("update", 0.12);
    }

    private final Map<String, Driver> drivers = new LinkedHashMap<>();

    private FenceCost() {}

    public static void main(String[] arguments) {
        Workspace workspace = Workspace.emptied("bench-fence");
        Figures figures = new Figures();
        try (ZooKeeperEnsemble zooKeeper = ZooKeeperEnsemble.start(workspace.dir(), 1, Duration.ofSeconds(2));
                Postgres postgres = Postgres.start(workspace, true)) {
            Database durable = postgres.createDatabase("durable");
            new FenceCost().measure(workspace, zooKeeper, durable, "durable", figures);
            Database relaxed = postgres.createDatabase("relaxed");
            relaxed.execute("alter database relaxed set synchronous_commit = off");
            new FenceCost().measure(workspace, zooKeeper, relaxed, "relaxed", figures);
        }
        report(workspace, figures);
    }

    private void measure(
            Workspace workspace, ZooKeeperEnsemble zooKeeper, Database database, String commits, Figures figures) {
        try {
            for (String mode : new String[] {"off", "lease", "database"}) {
                add(workspace, zooKeeper, database, commits, mode);
            }
            Map<String, List<Double>> means = new LinkedHashMap<>();
            for (String transaction : SHARES.keySet()) {
                measure(transaction, commits, means, figures);
            }
            means.forEach((name, costs) -> figures.put(
                    "fence." + commits + "_mean_" + name + ".pack.cost_percent",
                    tenths(costs.stream().mapToDouble(Double::doubleValue).sum()),
                    commits + ", mean of the above by their share, " + name + ": more than stock, percent"));
        } finally {
            drivers.values().forEach(Driver::close);
        }
    }

    private void add(Workspace workspace, ZooKeeperEnsemble zooKeeper, Database database, String commits, String mode) {
        Map<String, String> more = new HashMap<>();
        more.put("oozie.zookeeper.namespace", commits + mode);
        more.put("oozie.services.ext", "org.oozieha.service.FencedJPAService");
        more.put("oozie.ha.fencing", mode);
        drivers.put(
                mode, DriverHome.start(workspace, database, zooKeeper, HaServices.PACK, commits + "-" + mode, more));
    }

    private void measure(String transaction, String commits, Map<String, List<Double>> means, Figures figures) {
        String what = commits + "_" + transaction;
        List<String> order = new ArrayList<>(drivers.keySet());
        Map<String, List<Medians>> turns = new LinkedHashMap<>();
        for (String name : order) {
            compare(transaction, name, WARM_UP);
            turns.put(name, new ArrayList<>());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (String name : order) {
                turns.get(name).add(compare(transaction, name, TRANSACTIONS));
            }
            Collections.rotate(order, 1);
        }
        turns.forEach((name, medians) -> {
            String prefix = "fence." + what + "_" + name;
            long stock = Math.round(median(medians, each -> each.stock));
            long pack = Math.round(median(medians, each -> each.installed));
            double percent = 100 * (median(medians, each -> each.installed / each.stock) - 1);
            means.computeIfAbsent(name, first -> new ArrayList<>()).add(SHARES.get(transaction) * percent);
            figures.put(prefix + ".stock.commit_us", stock, what + ", stock beside " + name + ": microseconds");
            figures.put(prefix + ".pack.commit_us", pack, what + ", " + name + ": microseconds");
            figures.put(
                    prefix + ".pack.cost_percent", tenths(percent), what + ", " + name + ": more than stock, percent");
        });
    }

    private Medians compare(String transaction, String name, int count) {
        return drivers.get(name).compare(transaction, name, count);
    }

    private static double tenths(double value) {
        return Math.round(10 * value) / 10.0;
    }

    private static double median(List<Medians> turns, ToDoubleFunction<Medians> value) {
        double[] sorted = turns.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void report(Workspace workspace, Figures figures) {
        String title = "Cost of the fence per writing transaction";
        String how = ROUNDS + " rounds of " + TRANSACTIONS
                + " transactions of each, one thread, one PostgreSQL; in each mode the pack's service and stock's take turns in"
                + " one JVM, transaction by transaction. step: what Oozie writes when a workflow goes on to its next action (two"
                + " updates, one insert); action: when an action has ended (two updates); update: one update of two columns of"
                + " one row, the shortest there is. mean: by the share of three, two and one statements in what the demo's"
                + " workflows write, " + SHARES + ". durable: commits wait for the disk, PostgreSQL's"
                + " default; relaxed: they do not (synchronous_commit = off). Times are medians; the cost is the median of the"
                + " ratios of the rounds. In mode off the pack adds nothing: what it shows is the noise of"
                + " this machine.";
        ReportFiles files = new ReportFiles(workspace.dir());
        files.write(
                "# " + title + "\n\n" + how + "\n\n" + figures.markdown(),
                Html.page(title, "<p>" + Html.text(how) + "</p>" + figures.html()),
                figures);
        System.out.println(figures.markdown());
        System.out.println("Report: " + files.html());
    }
}
