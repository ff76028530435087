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
    private static final int ROUNDS = 200;
    private static final int TRANSACTIONS = 40;
    private static final int WARM_UP = 4_000;

    private final Map<String, Driver> drivers = new LinkedHashMap<>();
    private final Map<String, List<Long>> micros = new LinkedHashMap<>();

    private FenceCost() {}

    public static void main(String[] arguments) {
        Workspace workspace = Workspace.emptied("bench-fence");
        try (ZooKeeperEnsemble zooKeeper = ZooKeeperEnsemble.start(workspace.dir(), 1, Duration.ofSeconds(2));
                Postgres postgres = Postgres.start(workspace)) {
            FenceCost bench = new FenceCost();
            try {
                Database database = postgres.createDatabase("fence");
                bench.add(workspace, zooKeeper, database, "stock", "org.apache.oozie.service.JPAService", "lease");
                for (String mode : new String[] {"off", "lease", "database"}) {
                    bench.add(workspace, zooKeeper, database, mode, "org.oozieha.service.FencedJPAService", mode);
                }
                bench.measure();
                bench.report(workspace);
            } finally {
                bench.drivers.values().forEach(Driver::close);
            }
        }
    }

    private void add(
            Workspace workspace,
            ZooKeeperEnsemble zooKeeper,
            Database database,
            String name,
            String service,
            String mode) {
        Map<String, String> more = new HashMap<>();
        more.put("oozie.zookeeper.namespace", name);
        more.put("oozie.services.ext", service);
        more.put("oozie.ha.fencing", mode);
        drivers.put(name, DriverHome.start(workspace, database, zooKeeper, HaServices.PACK, name, more));
        micros.put(name, new ArrayList<>());
    }

    private void measure() {
        drivers.forEach((name, driver) -> driver.write(name, WARM_UP));
        for (int round = 0; round < ROUNDS; round++) {
            drivers.forEach((name, driver) ->
                    micros.get(name).add(driver.write(name, TRANSACTIONS).toNanos() / 1000 / TRANSACTIONS));
        }
    }

    private void report(Workspace workspace) {
        Figures figures = new Figures();
        double stock = undisturbed("stock");
        for (String name : drivers.keySet()) {
            String side = name.equals("stock") ? "stock" : "pack";
            String scenario = name.equals("stock") ? "jpa" : name;
            figures.put(
                    "fence." + scenario + "." + side + ".commit_us",
                    undisturbed(name),
                    name + ": microseconds per transaction");
            if (!name.equals("stock")) {
                double percent = Math.round(1000 * (undisturbed(name) - stock) / stock) / 10.0;
                figures.put("fence." + name + ".pack.cost_percent", percent, name + ": more than stock, percent");
            }
        }
        String title = "Cost of the fence per writing transaction";
        String how = "Lowest tenth of " + ROUNDS + " rounds of " + TRANSACTIONS
                + " transactions with one update each, one thread, one"
                + " PostgreSQL without fsync: the shortest transaction there is, so the highest share.";
        ReportFiles files = new ReportFiles(workspace.dir());
        files.write(
                "# " + title + "\n\n" + how + "\n\n" + figures.markdown(),
                Html.page(title, "<p>" + Html.text(how) + "</p>" + figures.html()),
                figures);
        System.out.println(figures.markdown());
        System.out.println("Report: " + files.html());
    }

    /** The tenth of the rounds that other work on the machine disturbed least ends here. */
    private double undisturbed(String name) {
        List<Long> sorted = new ArrayList<>(micros.get(name));
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 10);
    }
}
