package org.oozieha.it.faults;

import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Narrator;
import org.oozieha.it.harness.Workspace;

/**
 * Runs the scenarios with the pack and with stock Oozie and writes {@code it/target/faults/report.html}; fails when the pack missed a
 * limit, or a scenario proved nothing. A run that has its file in {@code it/target/faults/results} is not done again.
 *
 * <p>System properties: {@code faults.only} (names, comma-separated), {@code faults.reps} (runs of each side, 3), {@code faults.parallel}
 * (runs at the same time, 2; 0 for a report of the runs that have their file), {@code faults.sides} (STOCK,PACK), {@code faults.slas}
 * (2000, of {@code sla_chaos}), {@code it.seed}.
 */
public final class Faults {
    private static final Duration RUN_LIMIT = Duration.ofMinutes(30);

    private final Path dir =
            Paths.get(System.getProperty("it.basedir", "")).toAbsolutePath().resolve("target/faults");
    private final int repetitions = Integer.getInteger("faults.reps", 3);
    private final List<HaServices> chosenSides = Arrays.stream(
                    System.getProperty("faults.sides", "STOCK,PACK").split(","))
            .map(HaServices::valueOf)
            .collect(Collectors.toList());
    private final Map<String, String> failures = Collections.synchronizedMap(new TreeMap<>());
    private final long start = System.nanoTime();

    private Faults() {}

    public static void main(String[] arguments) {
        new Faults().run();
    }

    private static List<Scenario> all() {
        return Arrays.asList(
                new ServerKilled(),
                HolderPaused.of("lease"),
                HolderPaused.of("database"),
                DeadHost.withTheSamplesOptions(),
                DeadHost.withoutThem(),
                Outage.ofOneLink(),
                Outage.ofOneLinkWithDatabaseFencing(),
                Outage.ofAllLinks(),
                Outage.ofZooKeeper(),
                Outage.ofZooKeeperAndTheAcknowledger(),
                new DatabaseRestarted(),
                new ShareLibUpdates(),
                new ShareLibPurge(),
                new YarnScenario(),
                Rolling.restart(),
                Rolling.change(),
                new Chaos(Long.getLong("it.seed", 1)),
                new SlaRegistrar(),
                new SlaLateCommit(),
                new SlaClocks(),
                new SlaChaos(Integer.getInteger("faults.slas", 2_000), Long.getLong("it.seed", 1)));
    }

    private void run() {
        String only = System.getProperty("faults.only", "").trim();
        List<String> names = only.isEmpty() ? Collections.emptyList() : Arrays.asList(only.split("\\s*,\\s*"));
        List<Scenario> chosen = all().stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .collect(Collectors.toList());
        chosen.removeIf(scenario -> {
            if (!scenario.isPossible()) {
                System.out.println("Left out, for this machine lacks what it takes: " + scenario.name());
            }
            return !scenario.isPossible();
        });
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("faults.only=" + only + " names none of "
                    + all().stream().map(Scenario::name).collect(Collectors.toList()));
        }
        int parallel = Integer.getInteger("faults.parallel", 2);
        if (parallel > 0) {
            runAll(chosen, parallel);
        }
        report(chosen);
    }

    private void runAll(List<Scenario> chosen, int parallel) {
        ExecutorService light = Executors.newFixedThreadPool(Math.max(1, parallel - 1));
        ExecutorService heavy = parallel > 1 ? Executors.newSingleThreadExecutor() : light;
        try {
            Map<String, Future<?>> runs = new LinkedHashMap<>();
            for (Scenario scenario : chosen) {
                for (HaServices side : sides(scenario)) {
                    ExecutorService lanes = scenario.isHeavy() ? heavy : light;
                    runs.put(key(scenario, side), lanes.submit(() -> runAll(scenario, side)));
                }
            }
            runs.forEach(this::await);
        } finally {
            light.shutdownNow();
            heavy.shutdownNow();
        }
    }

    private List<HaServices> sides(Scenario scenario) {
        List<HaServices> sides = new ArrayList<>(chosenSides);
        sides.removeIf(side -> side == HaServices.STOCK && !scenario.withStock());
        return sides;
    }

    private static String key(Scenario scenario, HaServices side) {
        return scenario.name() + "." + side.name().toLowerCase(Locale.ROOT);
    }

    private RunFile file(Scenario scenario, HaServices side, int number) {
        return new RunFile(dir.resolve("results"), key(scenario, side), number);
    }

    private void runAll(Scenario scenario, HaServices side) {
        List<Integer> missing = IntStream.rangeClosed(1, scenario.runs(repetitions))
                .filter(number -> !file(scenario, side, number).read().isPresent())
                .boxed()
                .collect(Collectors.toList());
        if (missing.isEmpty()) {
            return;
        }
        String key = key(scenario, side);
        Workspace workspace = Workspace.emptied("faults/runs/" + key);
        try (Cluster cluster = Cluster.start(workspace, scenario.settings(side), Narrator.SILENT)) {
            for (int number : missing) {
                cluster.makeWhole();
                says(key, "run " + number + " begins");
                Map<String, Number> figures = scenario.run(new Arena(cluster, side, number, line -> says(key, line)));
                says(key, figures.toString());
                file(scenario, side, number).write(figures);
            }
        } catch (RuntimeException e) {
            says(key, "came to no figures: " + e);
            e.printStackTrace(System.out);
            failures.put(key, key + " came to no figures: " + e + "; see " + workspace.dir());
            return;
        }
        workspace.deleteBulk();
    }

    private void await(String key, Future<?> run) {
        try {
            run.get(RUN_LIMIT.toMillis() * 10, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            failures.put(key, key + " came to no figures: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + key, e);
        }
    }

    private void says(String key, String line) {
        System.out.printf("[%6.1f s] %-32s %s%n", (System.nanoTime() - start) / 1e9, key, line);
    }

    private void report(List<Scenario> chosen) {
        List<Result> results = new ArrayList<>();
        for (Scenario scenario : chosen) {
            results.add(new Result(
                    scenario,
                    figures(scenario, HaServices.PACK),
                    figures(scenario, HaServices.STOCK),
                    failures.entrySet().stream()
                            .filter(failure -> failure.getKey().startsWith(scenario.name() + "."))
                            .map(Map.Entry::getValue)
                            .collect(Collectors.toList())));
        }
        FaultsReport report = new FaultsReport(results);
        Path html = report.write(dir).html();
        System.out.println(report.markdown());
        System.out.println("Report: " + html);
        List<String> complaints = report.complaints();
        if (!complaints.isEmpty()) {
            throw new IllegalStateException("Not shown:\n  " + String.join("\n  ", complaints));
        }
    }

    private List<Map<String, Number>> figures(Scenario scenario, HaServices side) {
        List<Map<String, Number>> figures = new ArrayList<>();
        for (int number = 1; number <= scenario.runs(repetitions); number++) {
            file(scenario, side, number).read().ifPresent(figures::add);
        }
        return figures;
    }
}
