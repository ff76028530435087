package org.oozieha.simulation;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import javax.persistence.OptimisticLockException;
import javax.persistence.PersistenceException;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LeaseTerms;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.LockQueue.Mode;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.memory.MemoryCluster;
import org.oozieha.fence.CommitGate;
import org.oozieha.fence.DatabaseGate;
import org.oozieha.fence.DepartureMarks;
import org.oozieha.fence.Fence;
import org.oozieha.fence.FenceTable;
import org.oozieha.fence.LeaseGate;
import org.oozieha.lock.LockTable;
import org.oozieha.lock.LockToken;
import org.oozieha.partition.Partition;
import org.oozieha.takeover.Pickup;
import org.oozieha.takeover.Scan;
import org.oozieha.takeover.TakeoverSettings;
import org.oozieha.takeover.Takeovers;

/** One process: production lock, fence, partition and takeover on one session, a command queue and some worker threads. */
final class Server {
    private static final int WORKERS = 3;

    final String id;
    final World world;
    final MemoryCluster cluster;
    final LongSupplier clock;
    final Agenda agenda;
    private final Optional<DepartureMarks> marks;
    private final LockTable locks;
    private final Fence fence;
    private final CommitGate gate;
    private final Takeovers takeovers;
    private final List<Strand> strands = new ArrayList<>();
    /** Command to the time from which it may run; as in Oozie, a command waits in the queue once. */
    private final Map<String, Long> queue = new LinkedHashMap<>();

    private int busy;
    boolean paused;
    boolean gone;
    boolean draining;
    /** Its follower answers reads although it has lost its leader. */
    boolean readsAnswered;
    /** When it read an answer that had waited for it; by its own clock. */
    long answerReadAt = Long.MIN_VALUE / 2;

    Server(World world, MemoryCluster cluster, Settings settings) {
        this.world = world;
        this.id = cluster.self().id();
        this.cluster = cluster;
        this.clock = cluster.nanos();
        this.agenda = new Agenda(clock);
        Lease lease = world.variant.lease(this, cluster.lease());
        this.marks = settings.databaseFences ? Optional.of(startMarks()) : Optional.empty();
        LockQueue lockQueue = world.variant.queue(cluster.locks());
        this.locks = new LockTable(
                marks.map(m -> world.variant.marked(lockQueue, m)).orElse(lockQueue),
                lease,
                agenda,
                clock,
                settings.lingerMs,
                SimulatedMonitor::new);
        this.fence = new Fence(
                world.variant.leaseOfFence(this, cluster.lease()),
                Optional.of(locks),
                settings.fenceWaitMs,
                settings.fenceWaiters,
                clock,
                nanos -> Strand.current().await(nanos));
        CommitGate right = marks.<CommitGate>map(m -> new DatabaseGate(fence, FenceTable.MARIADB, m::hasRow))
                .orElseGet(() -> new LeaseGate(fence));
        this.gate = world.variant.gate(right, fence);
        Partition partition = new Partition(cluster::members, lease, id);
        TakeoverSettings recovery = new TakeoverSettings(
                        Collections.singletonList(new InFlight(false)),
                        (entries, urgent) -> queue.size() + entries <= 200,
                        agenda::after,
                        clock,
                        () -> clock.getAsLong() / 1_000_000,
                        settings.batchSize)
                .alsoEachMinute(Collections.singletonList(new InFlight(true)));
        this.takeovers = new Takeovers(
                takeoversView(), partition, recovery, record -> world.trace("takeover", id + record.causes()));
        cluster.listen(locks.drainListener(id));
        takeovers.start();
        if (world.variant.recoversVetoedJobs()) {
            fence.onVeto(this::vetoed);
        }
        for (int i = 0; i < WORKERS; i++) {
            start("worker-" + i, this::work);
        }
    }

    /** The cluster, except that the variant may stand between it and the takeover. */
    private Cluster takeoversView() {
        return view((method, args) -> {
            if (method.getName().equals("listen")) {
                args[0] = world.variant.takeover(this, (ClusterListener) args[0]);
            }
            return method.invoke(cluster, args);
        });
    }

    private Cluster marksView() {
        return view((method, args) ->
                method.getName().equals("readMembers") ? readMembers((Long) args[0]) : method.invoke(cluster, args));
    }

    private Members readMembers(long timeoutMs) throws ClusterUnavailableException {
        Strand.current().awaitMs(world.random.nextInt(100));
        return world.variant.members(cluster, timeoutMs);
    }

    private interface Call {
        Object to(Method method, Object[] args) throws Throwable;
    }

    private Cluster view(Call call) {
        return (Cluster) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Cluster.class},
                (p, method, args) -> call.to(method, args));
    }

    private DepartureMarks startMarks() {
        Strand[] worker = new Strand[1];
        Agenda due = new Agenda(clock, () -> Optional.ofNullable(worker[0]).ifPresent(Strand::nudge));
        worker[0] = start("marks", () -> {
            while (true) {
                due.runDue();
                Strand.current().idle(due.idleMs());
            }
        });
        DepartureMarks started = new DepartureMarks(new SimulatedServerRows(world), marksView(), due, clock);
        started.start();
        return started;
    }

    CommitGate gate() {
        return gate;
    }

    LeaseTerms terms() {
        return world.ensemble.terms();
    }

    Fence fence() {
        return fence;
    }

    private void vetoed(Set<String> keys) {
        takeovers.recoverSoon(keys);
    }

    Strand start(String name, Runnable body) {
        Strand strand = new Strand(id + "-" + name, world.scheduler, clock, () -> !paused && !gone, body);
        strands.add(strand);
        return strand;
    }

    List<Strand> strands() {
        return strands;
    }

    boolean isBusy() {
        return busy > 0;
    }

    void enqueue(String command, long delayMs) {
        long due = clock.getAsLong() + delayMs * 1_000_000;
        queue.merge(command, due, Math::min);
        strands.forEach(Strand::nudge);
    }

    private void work() {
        while (true) {
            String command = draining ? null : nextDue();
            if (command == null) {
                Strand.current().idle(500);
            } else {
                busy++;
                try {
                    new Command(this).run(command);
                } finally {
                    busy--;
                }
            }
        }
    }

    private String nextDue() {
        long now = clock.getAsLong();
        for (Map.Entry<String, Long> entry : queue.entrySet()) {
            if (now - entry.getValue() >= 0) {
                queue.remove(entry.getKey());
                return entry.getKey();
            }
        }
        return null;
    }

    Optional<LockToken> acquire(String key, Mode mode, long waitMs) {
        try {
            Optional<LockToken> token = locks.acquire(key, mode, waitMs);
            token.ifPresent(t -> world.invariants.acquired(this, t));
            return token;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void release(LockToken token) {
        world.invariants.released(token);
        token.release();
    }

    /** As Oozie's JPAService does, tries again after a failure of the database, but not after a veto. */
    void commit(Entities entities, Row loaded, Row next) {
        while (!tryCommit(entities, loaded, next)) {
            Strand.current().awaitMs(200);
        }
    }

    private boolean tryCommit(Entities entities, Row loaded, Row next) {
        awaitDatabase();
        Transaction transaction = new Transaction(world);
        try {
            world.variant.atCommit(this, entities, transaction);
            if (world.database.isDown()) {
                return false;
            }
            world.commit(this, entities, loaded, next);
            return true;
        } catch (OptimisticLockException veto) {
            throw veto;
        } catch (PersistenceException failed) {
            return false;
        } finally {
            if (gone) {
                // the database may learn late that the connection's other end is no more
                world.agenda.after(world.random.nextInt(10_000), transaction::end);
            } else {
                transaction.end();
            }
        }
    }

    void awaitDatabase() {
        while (world.database.isDown()) {
            Strand.current().awaitMs(100);
        }
    }

    void announce(ServerState state) {
        if (!gone) {
            cluster.announce(state);
        }
    }

    /** {@code kill -9}. */
    void die() {
        gone = true;
        new ArrayList<>(strands).forEach(Strand::kill);
        world.invariants.forget(this);
    }

    /** What stops in good order: waits end, locks are given back, then the session ends. */
    void stop() {
        locks.close();
        die();
        takeovers.close();
        marks.ifPresent(DepartureMarks::close);
        cluster.close();
    }

    int lingering() {
        return locks.lingering();
    }

    /** Keys this server knows although nothing here holds or wants one; lingering ones do not count. */
    int leftOver() {
        return locks.size() - locks.lingering();
    }

    private final class InFlight implements Scan {
        private final boolean onlyStarts;

        private InFlight(boolean onlyStarts) {
            this.onlyStarts = onlyStarts;
        }

        @Override
        public String name() {
            return "jobs";
        }

        @Override
        public Page page(String after, int limit, Set<String> jobs) {
            if (world.database.isDown()) {
                throw new IllegalStateException("the database is down");
            }
            Map<String, Row> page = new TreeMap<>();
            List<Pickup> found = new ArrayList<>();
            String last = null;
            for (Row row : world.database.after(after).values()) {
                if (page.size() == limit) {
                    return Page.of(found, last);
                }
                page.put(row.id, row);
                last = row.id;
                boolean started = row.step > 0 || world.variant.recoversStarts();
                if (row.isJob()
                        && !row.isFinished()
                        && started
                        && !(onlyStarts && row.step > 0)
                        && (jobs.isEmpty() || jobs.contains(row.id))) {
                    found.add(new QueuedJob(row.id));
                }
            }
            return Page.last(found);
        }
    }

    private final class QueuedJob implements Pickup {
        private final String job;

        private QueuedJob(String job) {
            this.job = job;
        }

        @Override
        public String id() {
            return job;
        }

        @Override
        public boolean queue() {
            enqueue(job, 0);
            return true;
        }
    }

    @Override
    public String toString() {
        return id + (paused ? " paused" : "") + (draining ? " draining" : "") + " " + cluster.state() + " queue="
                + queue.keySet();
    }
}
