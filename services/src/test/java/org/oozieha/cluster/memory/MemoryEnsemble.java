package org.oozieha.cluster.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LeaseTerms;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.SharedValue;
import org.oozieha.cluster.memory.MemoryCluster.Gap;

/**
 * A coordination service in memory: sessions, members, lock queues and values, with the faults a test wants.
 *
 * <p>{@link #stepped()} is deterministic: time passes and callbacks run only in {@link #advance} and {@link #settle}, on the calling
 * thread. {@link #live()} runs on the system clock with a thread of its own, for tests whose threads really wait.
 */
public final class MemoryEnsemble implements AutoCloseable {
    private static final long STEP_MS = 50;

    private final LongSupplier nanos;
    private final SettableClock clock;
    private final ScheduledExecutorService live;
    private final LeaseTerms terms;
    private final Map<String, MemoryCluster> attached = new LinkedHashMap<>();
    private final Map<String, Session> sessions = new TreeMap<>();
    private final Map<String, Long> lastIncarnation = new TreeMap<>();
    private final Map<String, String> stockServers = new TreeMap<>();
    private final Map<String, List<Place>> queues = new TreeMap<>();
    private final Map<String, SharedValue.Version> values = new TreeMap<>();
    private final AtomicInteger turns = new AtomicInteger();
    private long sequence;
    private boolean stopped;

    private MemoryEnsemble(SettableClock clock, ScheduledExecutorService live, LeaseTerms terms) {
        this.clock = clock;
        this.live = live;
        this.terms = terms;
        this.nanos = clock == null ? System::nanoTime : clock::nanos;
        if (live != null) {
            live.scheduleWithFixedDelay(this::turn, 5, 5, TimeUnit.MILLISECONDS);
        }
    }

    /** T = 10 s, tick 2 s, on a settable clock. */
    public static MemoryEnsemble stepped() {
        return new MemoryEnsemble(new SettableClock(), null, LeaseTerms.of(10_000, 2_000));
    }

    /** T = 2.4 s, tick 100 ms, on the system clock. */
    public static MemoryEnsemble live() {
        ScheduledExecutorService events = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "memory-ensemble");
            thread.setDaemon(true);
            return thread;
        });
        return new MemoryEnsemble(null, events, LeaseTerms.of(2_400, 100));
    }

    /** Null when live. */
    public SettableClock clock() {
        return clock;
    }

    public LongSupplier nanos() {
        return nanos;
    }

    public LeaseTerms terms() {
        return terms;
    }

    public MemoryCluster join(String id) {
        return join(new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", wallMs()));
    }

    /** A new process with this identity; an earlier one of the same id is cut off for good, as by {@code kill -9}. */
    public MemoryCluster join(ServerIdentity identity) {
        return join(identity, 1);
    }

    /** @param clockRate how fast that server's clock runs; 1 for as fast as the service's */
    public MemoryCluster join(String id, double clockRate) {
        return join(new ServerIdentity(id, "http://" + id + ":11000/oozie", "test", "test", wallMs()), clockRate);
    }

    private MemoryCluster join(ServerIdentity identity, double clockRate) {
        MemoryCluster cluster;
        synchronized (this) {
            attached.remove(identity.id());
            endSession(identity.id());
            cluster = new MemoryCluster(this, identity, clockRate);
            attached.put(identity.id(), cluster);
            register(cluster);
        }
        settle();
        return cluster;
    }

    /** The server's link goes: no heartbeat, no event, no answer, until {@link #heal}. */
    public void cut(String id) {
        synchronized (this) {
            attached.get(id).cut(Gap.LINK);
        }
        settle();
    }

    public void heal(String id) {
        synchronized (this) {
            heal(attached.get(id), Gap.LINK);
        }
        settle();
    }

    private void heal(MemoryCluster cluster, Gap gap) {
        cluster.heal(gap);
        if (connected(cluster)) {
            reattach(cluster);
        }
    }

    /** SIGSTOP: the process stands still, its clock goes on. No heartbeat, no callback until {@link #resume}. */
    public synchronized void pause(String id) {
        attached.get(id).cut(Gap.PROCESS);
        attached.get(id).holdEvents(true);
    }

    /** SIGCONT: the process and its session go on; callbacks only after {@link #holdEvents} is off. */
    public void resume(String id) {
        synchronized (this) {
            heal(attached.get(id), Gap.PROCESS);
        }
        settle();
    }

    /** The thread that runs this server's callbacks gets no turn. */
    public synchronized void holdEvents(String id, boolean held) {
        attached.get(id).holdEvents(held);
    }

    /** {@code kill -9}: the process never hears or says anything again; its session ends when its timeout has passed. */
    public void crash(String id) {
        synchronized (this) {
            MemoryCluster gone = attached.remove(id);
            gone.cut(Gap.LINK);
        }
    }

    /** Ends the session at once, as an administrator could; a connected server is told and registers anew. */
    public void expire(String id) {
        synchronized (this) {
            endSession(id);
            MemoryCluster cluster = attached.get(id);
            if (cluster != null && connected(cluster)) {
                reattach(cluster);
            }
        }
        settle();
    }

    /** The whole service goes away; sessions neither live nor die meanwhile. */
    public void stop() {
        synchronized (this) {
            stopped = true;
            attached.values().forEach(c -> c.cut(Gap.SERVICE));
        }
        settle();
    }

    /** The service is back, and all links; every session gets a fresh timeout. */
    public void start() {
        synchronized (this) {
            stopped = false;
            sessions.values().forEach(s -> s.lastTouch = nanos.getAsLong());
            for (MemoryCluster cluster : new ArrayList<>(attached.values())) {
                cluster.heal(Gap.LINK);
                heal(cluster, Gap.SERVICE);
            }
        }
        settle();
    }

    /** Everything is deleted under the servers' feet: members, locks, values. */
    public void wipe() {
        synchronized (this) {
            new ArrayList<>(sessions.keySet()).forEach(this::endSession);
            values.clear();
            lastIncarnation.clear();
            attached.values().stream().filter(this::connected).forEach(this::reattach);
        }
        settle();
    }

    /** The next compare-and-set of this server is done, but its answer is lost. */
    public synchronized void loseNextAnswer(String id) {
        attached.get(id).loseNextAnswer();
    }

    /** A server with stock HA services appears or, with a null URL, disappears. */
    public void stock(String id, String url) {
        synchronized (this) {
            if (url == null) {
                stockServers.remove(id);
            } else {
                stockServers.put(id, url);
            }
            membersChanged();
        }
        settle();
    }

    /** Moves the clock in small steps; sessions expire and leases lapse on the way. Stepped mode only. */
    public void advance(long ms) {
        for (long left = ms; left > 0; left -= STEP_MS) {
            clock.advanceMs(Math.min(STEP_MS, left));
            turn();
        }
    }

    /** Advances, or in live mode waits, until the condition holds. */
    public boolean await(BooleanSupplier condition, long limitMs) {
        long deadline = nanos.getAsLong() + limitMs * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (nanos.getAsLong() - deadline > 0) {
                return false;
            }
            if (clock != null) {
                advance(STEP_MS);
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
        return true;
    }

    /** Runs all callbacks that are due; in live mode they run on the ensemble's own thread. */
    public void settle() {
        if (live == null) {
            turn();
        } else {
            live.execute(this::turn);
        }
    }

    /** Called by what a server does itself: callbacks never run inside the call that caused them. */
    void poke() {
        if (live != null) {
            settle();
        }
    }

    /** Number of places in all lock queues. */
    public synchronized int places() {
        return queues.values().stream().mapToInt(List::size).sum();
    }

    /** Keys that have, or had and still remember, a queue. */
    public synchronized Collection<String> keys() {
        return new ArrayList<>(queues.keySet());
    }

    @Override
    public void close() {
        if (live != null) {
            live.shutdownNow();
        }
    }

    private void turn() {
        if (turns.getAndIncrement() > 0) {
            return;
        }
        int done;
        do {
            done = turns.get();
            turnOnce();
        } while (turns.addAndGet(-done) > 0);
    }

    private void turnOnce() {
        synchronized (this) {
            long now = nanos.getAsLong();
            if (!stopped) {
                for (Session session : new ArrayList<>(sessions.values())) {
                    MemoryCluster cluster = attached.get(session.owner.self().id());
                    if (cluster == session.owner && connected(cluster)) {
                        session.lastTouch = Math.max(session.lastTouch, cluster.touchedAt());
                    } else if (expired(session, now)) {
                        endSession(session.owner.self().id());
                    }
                }
            }
        }
        boolean ran;
        do {
            ran = false;
            for (MemoryCluster cluster : clusters()) {
                ran |= cluster.runEvents();
            }
        } while (ran);
    }

    private synchronized List<MemoryCluster> clusters() {
        return new ArrayList<>(attached.values());
    }

    private boolean expired(Session session, long now) {
        long tick = terms.tickMs() * 1_000_000;
        long earliest = session.lastTouch + terms.sessionTimeoutMs() * 1_000_000;
        return now >= (earliest + tick - 1) / tick * tick;
    }

    private long wallMs() {
        return clock == null ? System.currentTimeMillis() : clock.millis();
    }

    boolean connected(MemoryCluster cluster) {
        return !stopped && !cluster.isCut();
    }

    private void register(MemoryCluster cluster) {
        String id = cluster.self().id();
        long number = Math.max(lastIncarnation.getOrDefault(id, 0L) + 1, wallMs());
        lastIncarnation.put(id, number);
        Incarnation incarnation = Incarnation.of(id, number);
        sessions.put(id, new Session(cluster, incarnation, nanos.getAsLong()));
        cluster.registered(incarnation);
        membersChanged();
    }

    private void reattach(MemoryCluster cluster) {
        Session session = sessions.get(cluster.self().id());
        if (session == null || session.owner != cluster) {
            cluster.ended();
            register(cluster);
        } else {
            session.lastTouch = nanos.getAsLong();
            cluster.refreshMembers();
            cluster.refreshClaims();
        }
    }

    private void endSession(String id) {
        if (sessions.remove(id) == null) {
            return;
        }
        membersChanged();
        for (String key : new ArrayList<>(queues.keySet())) {
            List<Place> queue = queues.get(key);
            if (queue.removeIf(p -> p.claim.incarnation().serverId().equals(id))) {
                queueChanged(key);
            }
        }
    }

    synchronized void announce(MemoryCluster cluster) {
        if (sessions.containsKey(cluster.self().id())) {
            membersChanged();
        }
        poke();
    }

    synchronized void leave(MemoryCluster cluster) {
        if (attached.remove(cluster.self().id(), cluster)) {
            endSession(cluster.self().id());
        }
    }

    synchronized Members members() {
        List<Member> all = new ArrayList<>();
        for (Session session : sessions.values()) {
            MemoryCluster owner = session.owner;
            all.add(new Member(
                    session.incarnation, owner.self(), owner.state(), terms.sessionTimeoutMs(), session.registeredMs));
        }
        return Members.of(all, stockServers);
    }

    /** Adds the claim at the end of its queue. The caller has checked that its incarnation is registered. */
    synchronized void enqueue(MemoryClaim claim) {
        queues.computeIfAbsent(claim.key(), k -> new ArrayList<>()).add(new Place(claim, sequence++));
        queueChanged(claim.key());
    }

    synchronized boolean isQueued(MemoryClaim claim) {
        return places(claim.key()).stream().anyMatch(p -> p.claim == claim);
    }

    synchronized void remove(MemoryClaim claim) {
        List<Place> queue = queues.get(claim.key());
        if (queue != null && queue.removeIf(p -> p.claim == claim)) {
            queueChanged(claim.key());
        }
    }

    /** True if nobody before this place keeps it from being held. */
    synchronized boolean isGrantable(MemoryClaim claim) {
        for (Place place : places(claim.key())) {
            if (place.claim == claim) {
                return true;
            }
            if (claim.mode() == LockQueue.Mode.WRITE || place.claim.mode() == LockQueue.Mode.WRITE) {
                return false;
            }
        }
        return false;
    }

    /** True if somebody behind waits for this one to go. */
    synchronized boolean isContended(MemoryClaim claim) {
        boolean behind = false;
        for (Place place : places(claim.key())) {
            if (behind && (claim.mode() == LockQueue.Mode.WRITE || place.claim.mode() == LockQueue.Mode.WRITE)) {
                return true;
            }
            behind |= place.claim == claim;
        }
        return false;
    }

    /** True if this incarnation's session lives, by the service's own view. */
    public synchronized boolean isRegistered(Incarnation incarnation) {
        Session session = sessions.get(incarnation.serverId());
        return session != null && session.incarnation.equals(incarnation);
    }

    /** The incarnation of that server whose session lives, by the service's own view. */
    public synchronized Optional<Incarnation> registered(String id) {
        return Optional.ofNullable(sessions.get(id)).map(s -> s.incarnation);
    }

    /** True if the server is attached and reaches the service. */
    public synchronized boolean isConnected(String id) {
        return attached.containsKey(id) && connected(attached.get(id));
    }

    synchronized SharedValue.Version value(String path) {
        return values.getOrDefault(path, SharedValue.Version.absent());
    }

    synchronized boolean compareAndSet(String path, SharedValue.Version expected, byte[] next) {
        if (value(path).number() != expected.number()) {
            return false;
        }
        values.put(path, SharedValue.Version.of(next, expected.number() + 1));
        attached.values().stream().filter(this::connected).forEach(MemoryCluster::refreshDirectories);
        return true;
    }

    synchronized boolean remove(String path, SharedValue.Version expected) {
        if (!expected.exists() || value(path).number() != expected.number()) {
            return false;
        }
        values.remove(path);
        attached.values().stream().filter(this::connected).forEach(MemoryCluster::refreshDirectories);
        return true;
    }

    synchronized Map<String, byte[]> children(String path) {
        Map<String, byte[]> children = new TreeMap<>();
        values.forEach((p, v) -> {
            if (p.startsWith(path + '/') && p.indexOf('/', path.length() + 1) < 0) {
                children.put(p.substring(path.length() + 1), v.data());
            }
        });
        return Collections.unmodifiableMap(children);
    }

    private List<Place> places(String key) {
        return queues.getOrDefault(key, Collections.emptyList());
    }

    private void membersChanged() {
        attached.values().stream().filter(this::connected).forEach(MemoryCluster::refreshMembers);
    }

    private void queueChanged(String key) {
        if (places(key).isEmpty()) {
            queues.remove(key);
        }
        for (Place place : places(key)) {
            MemoryCluster owner = place.claim.owner();
            if (attached.get(owner.self().id()) == owner && connected(owner)) {
                owner.refresh(place.claim);
            }
        }
    }

    private static final class Session {
        private final MemoryCluster owner;
        private final Incarnation incarnation;
        private final long registeredMs;
        private long lastTouch;

        private Session(MemoryCluster owner, Incarnation incarnation, long now) {
            this.owner = owner;
            this.incarnation = incarnation;
            this.registeredMs = incarnation.number();
            this.lastTouch = now;
        }
    }

    private static final class Place {
        private final MemoryClaim claim;

        private Place(MemoryClaim claim, long sequence) {
            this.claim = claim;
            claim.sequence(sequence);
        }
    }
}
