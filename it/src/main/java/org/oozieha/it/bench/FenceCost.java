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
 * What the fence costs per writing transaction: the same updates of one row, one thread, with stock's database service and with the
 * pack's in each mode, all on one PostgreSQL, taking turns; writes {@code it/target/bench-fence/report.html}.
 */
public final class FenceCost {
    private static final int ROUNDS = 60;
    private static final int TRANSACTIONS = 50;
    private static final int WARM_UP = 3_000;

    private final Map<String, Driver> drivers = new LinkedHashMap<>();
    private final Map<String, List<Long>> micros = new LinkedHashMap<>();

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
            measure();
            put(commits, figures);
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
        micros.put(name, new ArrayList<>());
    }

    private void measure() {
        drivers.forEach((name, driver) -> driver.write(name, WARM_UP));
        for (int round = 0; round < ROUNDS; round++) {
            drivers.forEach((name, driver) ->
                    micros.get(name).add(driver.write(name, TRANSACTIONS).toNanos() / 1000));
        }
    }

    private void put(String commits, Figures figures) {
        double stock = median("stock");
        String prefix = "fence." + commits + "_";
        figures.put(prefix + "jpa.stock.commit_us", stock, commits + ", stock: microseconds per transaction");
        for (String mode : drivers.keySet()) {
            if (!mode.equals("stock")) {
                String key = prefix + mode + ".pack.";
                double percent = Math.round(1000 * (median(mode) - stock) / stock) / 10.0;
                figures.put(key + "commit_us", median(mode), commits + ", " + mode + ": microseconds per transaction");
                figures.put(key + "cost_percent", percent, commits + ", " + mode + ": more than stock, percent");
            }
        }
    }

    private static void report(Workspace workspace, Figures figures) {
        String title = "Cost of the fence per writing transaction";
        String how =
                "Medians of " + ROUNDS * TRANSACTIONS + " transactions with one update of one row each, one thread, one"
                        + " PostgreSQL; the four take turns. durable: commits wait for the disk, PostgreSQL's default; relaxed: they do"
                        + " not (synchronous_commit = off). In mode off the pack adds nothing: what it shows is the noise of this"
                        + " machine.";
        ReportFiles files = new ReportFiles(workspace.dir());
        files.write(
                "# " + title + "\n\n" + how + "\n\n" + figures.markdown(),
                Html.page(title, "<p>" + Html.text(how) + "</p>" + figures.html()),
                figures);
        System.out.println(figures.markdown());
        System.out.println("Report: " + files.html());
    }

    private double median(String name) {
        List<Long> sorted = new ArrayList<>(micros.get(name));
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
