package org.oozieha.it.bench;

import java.time.Duration;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Postgres;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperEnsemble;
import org.oozieha.it.harness.ZooKeeperProcess;
import org.oozieha.it.harness.ZooKeeperView;
import org.oozieha.it.report.Figures;
import org.oozieha.it.report.Html;
import org.oozieha.it.report.ReportFiles;

/**
 * Counts ZooKeeper's write transactions (the difference of the server's transaction id, heartbeats and the removal of empty
 * lock parents subtracted) per lock and unlock of a new key, a known key and a lingering key, and per 1000 job ids, for the
 * pack and for stock Oozie on one ZooKeeper server; writes {@code it/target/bench/report.html}.
 */
public final class ZooKeeperWrites {
    private static final int LOCKS = 500;
    private static final int IDS = 1000;
    private static final Duration SETTLE = Duration.ofSeconds(30);

    private final Workspace workspace;
    private final ZooKeeperEnsemble zooKeeper;
    private final Postgres postgres;
    private final Figures figures = new Figures();

    private ZooKeeperWrites(Workspace workspace, ZooKeeperEnsemble zooKeeper, Postgres postgres) {
        this.workspace = workspace;
        this.zooKeeper = zooKeeper;
        this.postgres = postgres;
    }

    public static void main(String[] arguments) {
        Workspace workspace = Workspace.emptied("bench");
        try (ZooKeeperEnsemble zooKeeper = ZooKeeperEnsemble.start(workspace.dir(), 1, Duration.ofSeconds(2));
                Postgres postgres = Postgres.start(workspace)) {
            ZooKeeperWrites bench = new ZooKeeperWrites(workspace, zooKeeper, postgres);
            bench.measure(HaServices.STOCK, "stock", 0);
            bench.measure(HaServices.PACK, "pack", 0);
            bench.measureLingering();
            bench.report();
        }
    }

    private void measure(HaServices services, String side, long lingerMillis) {
        try (Driver driver = DriverHome.start(
                        workspace, postgres.createDatabase(side), zooKeeper, services, side, lingerMillis);
                ZooKeeperView view = ZooKeeperView.of(zooKeeper.connectionString(), side)) {
            driver.lock("warm", 200, false);
            perLock("new_key", side, view, () -> driver.lock("new", LOCKS, false), "a key never locked before");
            perLock("known_key", side, view, () -> driver.lock("new-7", LOCKS, true), "a key locked before");
            driver.ids(IDS);
            long writes = writes(view, () -> time("ids.per_1000." + side, () -> driver.ids(IDS), IDS, "job id"));
            figures.put("ids.per_1000." + side + ".zk_writes", writes, side + ": writes per 1000 job ids");
        }
    }

    private void measureLingering() {
        try (Driver driver = DriverHome.start(
                        workspace,
                        postgres.createDatabase("pack_lingering"),
                        zooKeeper,
                        HaServices.PACK,
                        "pack_lingering",
                        2000);
                ZooKeeperView view = ZooKeeperView.of(zooKeeper.connectionString(), "pack_lingering")) {
            driver.lock("warm", 200, false);
            perLock(
                    "lingering_key",
                    "pack",
                    view,
                    () -> driver.lock("again", LOCKS, true),
                    "a key this server just had");
        }
        figures.put(
                "lock.lingering_key.stock.zk_writes",
                figures.value("lock.known_key.stock.zk_writes"),
                "stock: a key this server just had (stock knows no lingering: as a key locked before)");
    }

    private void perLock(String scenario, String side, ZooKeeperView view, Call call, String meaning) {
        String name = "lock." + scenario + "." + side;
        long writes = writes(view, () -> time(name, call, LOCKS, "lock and unlock"));
        figures.put(
                name + ".zk_writes",
                Math.round(100.0 * writes / LOCKS) / 100.0,
                side + ": writes per lock and unlock of " + meaning);
    }

    private void time(String name, Call call, int count, String what) {
        long micros = call.run().toNanos() / 1000 / count;
        figures.put(name + ".call_us", micros, name + ": time per " + what + ", one thread (microseconds)");
    }

    /** The writes of the calls and of all they leave to be done, except heartbeats and the removal of empty parents. */
    private long writes(ZooKeeperView view, Runnable calls) {
        ZooKeeperProcess server = zooKeeper.servers().get(0);
        awaitNoLocks(view);
        long parentsBefore = view.created("/locks");
        long removedBefore = parentsBefore - view.children("/locks").size();
        long beatsBefore = heartbeats(view);
        long before = server.lastTransaction();
        calls.run();
        awaitNoLocks(view);
        long after = server.lastTransaction();
        long beats = heartbeats(view) - beatsBefore;
        long removed = view.created("/locks") - view.children("/locks").size() - removedBefore;
        return after - before - beats - removed;
    }

    private static void awaitNoLocks(ZooKeeperView view) {
        Waiting.until("all locks are released", SETTLE, () -> view.heldLocks().values().stream()
                .allMatch(keys -> keys.stream().noneMatch(key -> key.endsWith("-W"))));
    }

    private static long heartbeats(ZooKeeperView view) {
        return view.children("/ha/heartbeats").stream()
                .mapToLong(id -> view.writesOf("/ha/heartbeats/" + id))
                .sum();
    }

    private void report() {
        String title = "ZooKeeper writes of the pack and of stock Oozie";
        String how = LOCKS + " locks and " + IDS + " ids each, one server, one thread, from one run. Writes are the "
                + "difference of ZooKeeper's transaction id; heartbeats and the later removal of empty lock parents (one "
                + "write per key, by ZooKeeper itself for the pack, by the reaper for stock) are subtracted.";
        ReportFiles files = new ReportFiles(workspace.dir());
        files.write(
                "# " + title + "\n\n" + how + "\n\n" + figures.markdown(),
                Html.page(title, "<p>" + Html.text(how) + "</p>" + figures.html()),
                figures);
        System.out.println(figures.markdown());
        System.out.println("Report: " + files.html());
    }

    /** Something timed by the driver. */
    @FunctionalInterface
    private interface Call {
        Duration run();
    }
}
