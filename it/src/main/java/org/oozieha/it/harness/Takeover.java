package org.oozieha.it.harness;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A {@code kill -9} of the server that holds the most locks, at least five, and what followed. Only locks of running jobs count, and
 * they are read while the victim is stopped, so they are those of the instant it died; times count from there.
 */
public final class Takeover {
    private static final int MANY_LOCKS = 5;
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS").withZone(ZoneId.systemDefault());
    private static final Pattern PICKED_UP = Pattern.compile("JOB\\[([^\\]]+)\\].* Picked up: ");

    private final Cluster cluster;
    private final OozieServer victim;
    private final List<String> heldLocks;
    private final long killedAtMillis;
    private final long killedAtNanos;

    private Takeover(
            Cluster cluster, OozieServer victim, List<String> heldLocks, long killedAtMillis, long killedAtNanos) {
        this.cluster = cluster;
        this.victim = victim;
        this.heldLocks = heldLocks;
        this.killedAtMillis = killedAtMillis;
        this.killedAtNanos = killedAtNanos;
    }

    /** Waits until the leader holds at least five locks of jobs, and kills it. */
    public static Takeover ofLeader(Cluster cluster, Duration bound) {
        OozieServer leader;
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            leader = cluster.server(Waiting.forValue("somebody leads", bound, view::leader));
        }
        return ofBusiest(cluster, Collections.singletonList(leader), bound);
    }

    /** Waits for a server, of those given, that holds at least five locks of jobs, and kills it. */
    public static Takeover ofBusiest(Cluster cluster, List<OozieServer> candidates, Duration bound) {
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            return Waiting.forValue("a server of " + candidates + " holds " + MANY_LOCKS + " locks", bound, () -> {
                Map<String, List<String>> held = view.heldLocks();
                for (OozieServer server : candidates) {
                    if (jobs(held, server).size() >= MANY_LOCKS) {
                        Takeover done = killIfStillBusy(cluster, view, server);
                        if (done != null) {
                            return done;
                        }
                    }
                }
                return null;
            });
        }
    }

    private static Takeover killIfStillBusy(Cluster cluster, ZooKeeperView view, OozieServer server) {
        long stoppedAtMillis = System.currentTimeMillis();
        long stoppedAtNanos = System.nanoTime();
        server.pause();
        List<String> held = unfinished(cluster, jobs(view.heldLocks(), server));
        if (held.size() < MANY_LOCKS) {
            server.resume();
            return null;
        }
        server.kill();
        return new Takeover(cluster, server, held, stoppedAtMillis, stoppedAtNanos);
    }

    private static List<String> jobs(Map<String, List<String>> held, OozieServer server) {
        return held.getOrDefault(server.id(), Collections.emptyList()).stream()
                .filter(key -> Character.isDigit(key.charAt(0)))
                .collect(Collectors.toList());
    }

    /** Without locks that merely linger: those of jobs and actions that have ended. */
    private static List<String> unfinished(Cluster cluster, List<String> keys) {
        Set<String> running = cluster
                .database()
                .query("SELECT id FROM wf_jobs WHERE status = 'RUNNING' UNION ALL SELECT id FROM coord_jobs"
                        + " WHERE status = 'RUNNING'")
                .stream()
                .map(row -> row[0])
                .collect(Collectors.toSet());
        return keys.stream()
                .filter(key -> running.contains(key.split("@", 2)[0]))
                .collect(Collectors.toList());
    }

    public OozieServer victim() {
        return victim;
    }

    /** The jobs and actions it held locks for. */
    public List<String> heldLocks() {
        return heldLocks;
    }

    public long killedAtMillis() {
        return killedAtMillis;
    }

    /** Waits until the victim is no longer registered in ZooKeeper; the time since the kill. */
    public Duration awaitDeparture(Duration bound) {
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            Waiting.until(victim.id() + " is no longer registered", bound, () -> !view.servers()
                    .contains(victim.id()));
        }
        return Duration.ofNanos(System.nanoTime() - killedAtNanos);
    }

    /** The first write of each job the victim had locked by another server after the kill. */
    public List<StatusWrite> firstWritesOfOthers() {
        List<StatusWrite> first = new ArrayList<>();
        heldLocks.stream()
                .map(key -> key.split("@", 2)[0])
                .distinct()
                .forEach(job -> cluster.audit().writesOf(job).stream()
                        .filter(write -> write.atMillis() > killedAtMillis)
                        .filter(write -> !write.server().equals(victim.id()))
                        .findFirst()
                        .ifPresent(first::add));
        return first;
    }

    /**
     * When another server first went on with each job the victim had locked, as time since the kill: began to change a file for it, or
     * wrote its state. A job nobody went on with is missing.
     */
    public Map<String, Duration> firstProgressOfOthers() {
        Map<String, Long> first = new TreeMap<>();
        for (StatusWrite write : firstWritesOfOthers()) {
            first.merge(write.id().split("@", 2)[0], write.atMillis(), Math::min);
        }
        for (Effect effect : cluster.effects()) {
            if (effect.atMillis() > killedAtMillis && !effect.server().equals(victim.id())) {
                first.computeIfPresent(effect.job(), (job, at) -> Math.min(at, effect.atMillis()));
            }
        }
        Map<String, Duration> times = new TreeMap<>();
        first.forEach((job, at) -> times.put(job, Duration.ofMillis(at - killedAtMillis)));
        return times;
    }

    /** When another server put what continues each job into its command queue, as time since the kill, by its log. */
    public Map<String, Duration> pickedUpByOthers() {
        Map<String, Duration> times = new TreeMap<>();
        for (OozieServer server : cluster.servers()) {
            if (server != victim) {
                for (String line : server.logLines()) {
                    Matcher pickUp = PICKED_UP.matcher(line);
                    if (pickUp.find() && writtenAt(line) > killedAtMillis) {
                        Duration after = Duration.ofMillis(writtenAt(line) - killedAtMillis);
                        times.merge(pickUp.group(1), after, (one, other) -> one.compareTo(other) < 0 ? one : other);
                    }
                }
            }
        }
        return times;
    }

    private static long writtenAt(String line) {
        return Instant.from(LOG_TIME.parse(line.substring(0, "2026-01-01 00:00:00,000".length())))
                .toEpochMilli();
    }

    /** Waits until another server wrote a job the victim had locked; the time since the kill. */
    public Duration awaitFirstProgress(Duration bound) {
        StatusWrite first = Waiting.forValue(
                "another server goes on with a job of " + victim.id(), bound, () -> firstWritesOfOthers().stream()
                        .min((a, b) -> Long.compare(a.atMillis(), b.atMillis()))
                        .orElse(null));
        return Duration.ofMillis(first.atMillis() - killedAtMillis);
    }
}
