package org.oozieha.it.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oozieha.it.harness.Database;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Postgres;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperEnsemble;
import org.oozieha.it.report.Figures;
import org.oozieha.it.report.Html;
import org.oozieha.it.report.ReportFiles;

/**
 * What the fence costs per writing transaction: the same writes, one thread, with stock's database service and with the pack's in each
 * mode, all on one PostgreSQL, taking turns; writes {@code it/target/bench-fence/report.html}.
 *
 * <p>Each turn of a mode is compared with stock's turn beside it; the median of these ratios is the cost, so that a machine that
 * becomes faster or slower on the way does not count.
 */
public final class FenceCost {
    private static final int ROUNDS = 150;
    private static final int TRANSACTIONS = 40;
    private static final int WARM_UP = 2_500;

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
            add(workspace, zooKeeper, database, commits, "stock", "org.apache.oozie.service.JPAService", "lease");
            for (String mode : new String[] {"off", "lease", "database"}) {
                add(workspace, zooKeeper, database, commits, mode, "org.oozieha.service.FencedJPAService", mode);
            }
            measure(commits + "_step", (name, count) -> drivers.get(name).step(name, count), figures);
            measure(commits + "_update", (name, count) -> drivers.get(name).write(name, count), figures);
        } finally {
            drivers.values().forEach(Driver::close);
        }
    }

    private void add(
            Workspace workspace,
            ZooKeeperEnsemble zooKeeper,
            Database database,
            String commits,
            String name,
            String service,
            String mode) {
        Map<String, String> more = new HashMap<>();
        more.put("oozie.zookeeper.namespace", commits + name);
        more.put("oozie.services.ext", service);
        more.put("oozie.ha.fencing", mode);
        drivers.put(
                name, DriverHome.start(workspace, database, zooKeeper, HaServices.PACK, commits + "-" + name, more));
    }

    private void measure(String what, Writes writes, Figures figures) {
        List<String> order = new ArrayList<>(drivers.keySet());
        Map<String, List<Double>> micros = new LinkedHashMap<>();
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        for (String name : order) {
            writes.take(name, WARM_UP);
            micros.put(name, new ArrayList<>());
            ratios.put(name, new ArrayList<>());
        }
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, Double> turn = new HashMap<>();
            for (String name : order) {
                turn.put(name, writes.take(name, TRANSACTIONS).toNanos() / 1000.0);
            }
            turn.forEach((name, time) -> {
                micros.get(name).add(time);
                ratios.get(name).add(time / turn.get("stock"));
            });
            Collections.rotate(order, 1);
        }
        micros.forEach((name, times) -> {
            String side = name.equals("stock") ? "fence." + what + ".stock." : "fence." + what + "_" + name + ".pack.";
            figures.put(side + "commit_us", Math.round(median(times)), what + ", " + name + ": microseconds");
            if (!name.equals("stock")) {
                double percent = Math.round(1000 * (median(ratios.get(name)) - 1)) / 10.0;
                figures.put(side + "cost_percent", percent, what + ", " + name + ": more than stock, percent");
            }
        });
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static void report(Workspace workspace, Figures figures) {
        String title = "Cost of the fence per writing transaction";
        String how = ROUNDS + " rounds of " + TRANSACTIONS
                + " transactions of each, one thread, one PostgreSQL; the four take turns in"
                + " changing order. step: what Oozie writes when a workflow goes on to its next action (two updates, one insert);"
                + " update: one update of one row, the shortest there is. durable: commits wait for the disk, PostgreSQL's"
                + " default; relaxed: they do not (synchronous_commit = off). Times are medians; the cost is the median of the"
                + " ratios to stock's turn in the same round. In mode off the pack adds nothing: what it shows is the noise of"
                + " this machine.";
        ReportFiles files = new ReportFiles(workspace.dir());
        files.write(
                "# " + title + "\n\n" + how + "\n\n" + figures.markdown(),
                Html.page(title, "<p>" + Html.text(how) + "</p>" + figures.html()),
                figures);
        System.out.println(figures.markdown());
        System.out.println("Report: " + files.html());
    }

    /** Lets one driver write; the median time of a transaction. */
    @FunctionalInterface
    private interface Writes {
        Duration take(String name, int count);
    }
}
