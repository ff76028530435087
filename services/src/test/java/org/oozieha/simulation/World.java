package org.oozieha.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.cluster.memory.MemoryEnsemble;

/** One run: servers, jobs and faults that follow from the seed alone. */
final class World {
    private static final long BEGIN_MS = 1_000_000;
    private static final long FAULTS_MS = 60_000;
    private static final int LATELY = 40;
    /** Longest time from the last fault's end to the last job's end. */
    private static final long FINISH_MS = 180_000;

    private static final long FINISH_BY_WILD_CLOCKS_MS = 300_000;

    final Thread scheduler = Thread.currentThread();
    final Random random;
    final Settings settings;
    final Variant variant;
    final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    final SimulatedDatabase database = new SimulatedDatabase();
    final Invariants invariants;
    final Agenda agenda = new Agenda(ensemble.nanos());
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Faults faults;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Deque<String> lately = new ArrayDeque<>();
    private int jobs;
    private long trace;
    private long finishedInMs;

    World(long seed, Variant variant) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.variant = variant;
        this.settings = new Settings(random);
        this.invariants = new Invariants(this);
        this.faults = new Faults(this, settings.faultEvery);
    }

    void run() {
        try {
            for (int i = 0; i < 5; i++) {
                newJob(nextJobId(), true);
            }
            for (String id : Arrays.asList("a", "b", "c")) {
                join(id);
            }
            long start = nowMs();
            while (nowMs() - start < FAULTS_MS) {
                faults.maybe();
                maybeSubmit();
                step();
            }
            finish();
        } finally {
            new ArrayList<>(servers.values()).forEach(Server::die);
        }
    }

    private void finish() {
        faults.end();
        long limit = settings.wildClocks ? FINISH_BY_WILD_CLOCKS_MS : FINISH_MS;
        long start = nowMs();
        while (!isDone()) {
            step();
            if (nowMs() - start > limit) {
                throw Invariants.breach(
                        "every job finished once, eventually",
                        database.unfinishedJobs() + " are not after " + limit + " ms, servers " + servers.values());
            }
        }
        finishedInMs = nowMs() - start;
        for (Row row : database.all()) {
            if (row.failed || row.step != row.steps) {
                throw Invariants.breach("every job finished once, eventually", row.toString());
            }
        }
        for (int i = 0; i < 400 && leftOver() > 0; i++) {
            step();
        }
        if (leftOver() > 0) {
            throw Invariants.breach("no place is left behind", ensemble.places() + " places, " + leftOver() + " keys");
        }
    }

    private boolean isDone() {
        return database.unfinishedJobs().isEmpty()
                && faults.areOver()
                && servers.values().stream().noneMatch(Server::isBusy);
    }

    private int leftOver() {
        int keys = 0;
        int lingering = 0;
        for (Server server : servers.values()) {
            keys += server.leftOver();
            lingering += server.lingering();
        }
        return keys + Math.max(0, ensemble.places() - lingering);
    }

    private void step() {
        ensemble.advance(1 + random.nextInt(50));
        agenda.runDue();
        for (Server server : new ArrayList<>(servers.values())) {
            if (!server.paused && !server.gone) {
                server.agenda.runDue();
            }
        }
        invariants.oneEffectiveHolder();
        Strand next = nextReady();
        while (next != null) {
            next.go();
            invariants.oneEffectiveHolder();
            next = nextReady();
        }
    }

    private Strand nextReady() {
        List<Strand> ready = new ArrayList<>();
        for (Server server : servers.values()) {
            server.strands().removeIf(Strand::isOver);
            for (Strand strand : server.strands()) {
                if (strand.isReady()) {
                    ready.add(strand);
                }
            }
        }
        return ready.isEmpty() ? null : ready.get(random.nextInt(ready.size()));
    }

    /** A new process. */
    Server join(String id) {
        MemoryCluster cluster = ensemble.join(id, settings.clockRate(random));
        Server server = new Server(this, cluster, settings);
        servers.put(id, server);
        server.agenda.after(random.nextInt(1_500), () -> server.announce(ServerState.ACTIVE));
        trace("join", id);
        return server;
    }

    void remove(Server server) {
        servers.remove(server.id, server);
    }

    boolean isThere(Server server) {
        return servers.get(server.id) == server && !server.gone;
    }

    Collection<Server> servers() {
        return servers.values();
    }

    boolean has(String id) {
        return servers.containsKey(id);
    }

    private void maybeSubmit() {
        if (random.nextInt(60) == 0 && !servers.isEmpty()) {
            Server server = anyServer();
            if (random.nextInt(4) > 0) {
                server.enqueue(Command.SUBMIT + nextJobId(), 0);
            } else {
                List<Row> unfinished = database.unfinishedJobs();
                if (!unfinished.isEmpty()) {
                    Row row = unfinished.get(random.nextInt(unfinished.size()));
                    server.enqueue(Command.INSPECT + row.id, 0);
                }
            }
        }
    }

    Server anyServer() {
        return new ArrayList<>(servers.values()).get(random.nextInt(servers.size()));
    }

    private String nextJobId() {
        return String.format("%07d-261120110000000-oozie-sim-W", jobs++);
    }

    Row newJob(String id) {
        return newJob(id, false);
    }

    private Row newJob(String id, boolean recorded) {
        int steps = 2 + random.nextInt(4);
        Row job = Row.job(id, steps, random.nextBoolean() ? random.nextInt(steps) : -1);
        if (recorded) {
            record(job);
        }
        return job;
    }

    private void record(Row job) {
        database.write(job);
        if (job.forkAt >= 0) {
            actionsOf(job.id).forEach(id -> database.write(Row.action(id)));
        }
    }

    List<String> actionsOf(String job) {
        return Arrays.asList(job + "@left", job + "@right");
    }

    static String jobOf(String id) {
        int at = id.indexOf('@');
        return at < 0 ? id : id.substring(0, at);
    }

    /** The commit itself: at once, after the question was answered. */
    void commit(Server server, Entities entities, Row loaded, Row next) {
        Row current = loaded == null ? null : database.read(loaded.id);
        invariants.beforeCommit(server, entities, current, loaded, next);
        if (loaded == null) {
            record(next);
        } else {
            database.write(next);
        }
        trace("commit", next.toString());
    }

    void trace(String what, String about) {
        String event = (nowMs() - BEGIN_MS) + " ms " + what + " " + about;
        trace = trace * 31 + event.hashCode();
        counts.merge(what, 1, Integer::sum);
        lately.addLast(event);
        if (lately.size() > LATELY) {
            lately.removeFirst();
        }
    }

    /** What happened last, oldest first. */
    String lately() {
        return String.join("\n  ", lately);
    }

    /** How often each kind of event happened. */
    Map<String, Integer> counts() {
        return counts;
    }

    private long nowMs() {
        return ensemble.nanos().getAsLong() / 1_000_000;
    }

    long trace() {
        return trace;
    }

    long finishedInMs() {
        return finishedInMs;
    }
}
