package org.oozieha.it.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.oozieha.it.harness.Database;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Postgres;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperEnsemble;
import org.oozieha.it.report.Figures;
import org.oozieha.it.report.Html;
import org.oozieha.it.report.ReportFiles;

/**
 * What following many SLAs costs one server while none is due: time and database transactions of a check, heap, time to start; stock's
 * service and the pack's on the same rows; writes {@code it/target/bench-sla/report.html}, anew after each of them.
 *
 * <p>System property: {@code bench.slas} (5000,200000), how many.
 */
public final class SlaScale {
    private static final int[] OPEN = Arrays.stream(
                    System.getProperty("bench.slas", "5000,200000").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final int CHECKS = 3;
    private static final Duration QUIET = Duration.ofSeconds(12);
    /** Stock checks its SLAs one by one: at 15 ms each, 200,000 of them take the better part of an hour. */
    private static final Duration PATIENCE = Duration.ofMinutes(Integer.getInteger("bench.patience.minutes", 10));
    /** Without the first two stock's checks end in a NullPointerException that nobody sees. */
    private static final String EVENTS = "org.apache.oozie.service.DagXLogInfoService,"
            + "org.apache.oozie.service.CallableQueueService,org.apache.oozie.service.EventHandlerService";

    private final Workspace workspace;
    private final ZooKeeperEnsemble zooKeeper;
    private final Postgres postgres;
    private final Database counting;
    private final Figures figures = new Figures();

    private SlaScale(Workspace workspace, ZooKeeperEnsemble zooKeeper, Postgres postgres, Database counting) {
        this.workspace = workspace;
        this.zooKeeper = zooKeeper;
        this.postgres = postgres;
        this.counting = counting;
    }

    public static void main(String[] arguments) {
        Workspace workspace = Workspace.emptied("bench-sla");
        try (ZooKeeperEnsemble zooKeeper = ZooKeeperEnsemble.start(workspace.dir(), 1, Duration.ofSeconds(2));
                Postgres postgres = Postgres.start(workspace);
                Database counting = postgres.createDatabase("counting")) {
            SlaScale scale = new SlaScale(workspace, zooKeeper, postgres, counting);
            for (int open : OPEN) {
                scale.measure(open, "none", "");
                scale.measure(open, "pack", ",org.oozieha.sla.HASLAService");
                // last: it takes longest
                scale.measure(open, "stock", ",org.apache.oozie.sla.service.SLAService");
            }
            scale.print();
        }
    }

    /** Running workflows whose SLAs are due in a day or later, and as many that are over. */
    private static void fill(Database database, int open) {
        String ids = "lpad(n::text, 7, '0') || '-260101000000000-oozie-it-W'";
        String rows = " from generate_series(1, " + 2 * open + ") n";
        String over = "n > " + open;
        database.execute("insert into wf_jobs (id, status, start_time, last_modified_time) select " + ids
                + ", case when " + over + " then 'SUCCEEDED' else 'RUNNING' end, now(), now()" + rows);
        database.execute("insert into sla_registration (job_id, app_type, app_name, user_name, nominal_time,"
                + " expected_end, expected_duration, sla_config) select " + ids
                + ", 'WORKFLOW_JOB', 'it', 'it', now(), now() + interval '1 day' + n * interval '1 second', -1, ''"
                + rows);
        database.execute("insert into sla_summary (job_id, app_type, app_name, user_name, nominal_time, expected_end,"
                + " expected_duration, actual_duration, actual_start, job_status, sla_status, event_processed,"
                + " last_modified, created_time) select " + ids
                + ", 'WORKFLOW_JOB', 'it', 'it', now(), now() + interval '1 day' + n * interval '1 second', -1, -1,"
                + " now(), case when " + over + " then 'SUCCEEDED' else 'RUNNING' end, 'IN_PROCESS', case when "
                + over + " then 8 else 3 end, now() - interval '1 hour', now()" + rows);
        database.execute("analyze");
    }

    /** In a database of its own: none begins with what another one wrote. */
    private void measure(int open, String side, String service) {
        String name = side + open;
        try (Database database = postgres.createDatabase(name)) {
            fill(database, open);
            measure(database, name, open, side, service);
        }
        report();
    }

    private void measure(Database database, String name, int open, String side, String service) {
        Map<String, String> more = new HashMap<>();
        more.put("oozie.zookeeper.namespace", name);
        more.put("oozie.services.ext", EVENTS + service);
        more.put(
                "oozie.service.EventHandlerService.event.listeners",
                "org.apache.oozie.sla.listener.SLAJobEventListener");
        more.put("oozie.sla.service.SLAService.check.initial.delay", "86400");
        HaServices services = side.equals("pack") ? HaServices.PACK : HaServices.STOCK;
        long begun = System.nanoTime();
        try (Driver driver = DriverHome.start(workspace, database, zooKeeper, services, name, more)) {
            String key = "sla.open_" + open + "." + side + ".";
            String what = open + " open SLAs, " + side + ": ";
            figures.put(key + "start_ms", millis(Duration.ofNanos(System.nanoTime() - begun)), what + "start, ms");
            figures.put(key + "start_heap_mb", driver.heapBytes() >> 20, what + "heap in use after the start, MB");
            if (!service.isEmpty()) {
                checks(driver, name, key, what);
            }
        }
    }

    private void checks(Driver driver, String database, String key, String what) {
        Optional<Duration> first = driver.checkSlas(1, PATIENCE);
        if (!first.isPresent()) {
            figures.put(key + "first_check_longer_than_ms", millis(PATIENCE), what + "first check, given up after, ms");
            return;
        }
        figures.put(key + "first_check_ms", millis(first.get()), what + "first check, ms");
        long before = transactions(database);
        Optional<Duration> later = driver.checkSlas(CHECKS, PATIENCE);
        if (!later.isPresent()) {
            figures.put(
                    key + "check_longer_than_ms",
                    millis(PATIENCE) / CHECKS,
                    what + "a later check, given up after, ms");
            return;
        }
        long after = transactions(database);
        figures.put(key + "check_ms", millis(later.get()), what + "a later check, ms");
        figures.put(
                key + "check_transactions",
                (after - before) / CHECKS,
                what + "database transactions of a later check, of all connections, mean");
        figures.put(key + "followed", driver.followedSlas(), what + "SLAs in the service's memory");
        figures.put(key + "heap_mb", driver.heapBytes() >> 20, what + "heap in use, MB");
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 100_000 / 10.0;
    }

    /** Committed so far, seen from elsewhere; PostgreSQL's connections may tell ten seconds later. */
    private long transactions(String database) {
        String sql = "select xact_commit + xact_rollback from pg_stat_database where datname = ?";
        long[] last = {-1, System.nanoTime()};
        return Waiting.forValue("no news of transactions for " + QUIET, Duration.ofMinutes(2), () -> {
            long now = counting.number(sql, database);
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > QUIET.toNanos() ? now : null;
        });
    }

    private ReportFiles report() {
        String title = "SLAs: what following them costs one server";
        String how =
                "One server with scheduler, locks, database, events and SLAs, and as many SLAs that are over as open"
                        + " ones; none is due. Median of " + CHECKS
                        + " checks. A transaction is a query here.";
        ReportFiles files = new ReportFiles(workspace.dir());
        files.write(
                "# " + title + "\n\n" + how + "\n\n" + figures.markdown(),
                Html.page(title, "<p>" + Html.text(how) + "</p>" + figures.html()),
                figures);
        return files;
    }

    private void print() {
        System.out.println(figures.markdown());
        System.out.println("Report: " + report().html());
    }
}
