package org.oozieha.cluster.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.SharedValue;
import org.oozieha.cluster.WatchedDirectory;

/** One server's membership in a {@link MemoryEnsemble}. Heartbeats count as sent at each multiple of their interval, by its own clock. */
public final class MemoryCluster implements Cluster {
    /** Why a server and the service do not reach each other. */
    enum Gap {
        LINK,
        SERVICE,
        PROCESS
    }

    private static final long CONNECTED = Long.MIN_VALUE;

    private final MemoryEnsemble ensemble;
    private final ServerIdentity self;
    private final MemberClock clock;
    private final Set<Gap> gaps = EnumSet.noneOf(Gap.class);
    private final List<ClusterListener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> events = new ArrayDeque<>();
    private final Set<MemoryClaim> claims = new LinkedHashSet<>();
    private final AtomicInteger membersRefreshes = new AtomicInteger();
    private final Map<String, Directory> directories = new TreeMap<>();
    private volatile ServerState state = ServerState.JOINING;
    private volatile Members members = Members.nobody();
    private volatile Incarnation incarnation;
    private volatile boolean ended;
    private volatile boolean closed;
    private volatile long registeredAt;
    private volatile long cutAt = CONNECTED;
    private volatile boolean eventsHeld;
    private boolean loseNextAnswer;
    private boolean toldValid;

    MemoryCluster(MemoryEnsemble ensemble, ServerIdentity self, double clockRate) {
        this.clock = new MemberClock(ensemble.nanos(), clockRate);
        this.ensemble = ensemble;
        this.self = self;
    }

    /** This server's monotonic clock, nanoseconds. */
    public LongSupplier nanos() {
        return clock;
    }

    void cut(Gap gap) {
        gaps.add(gap);
        if (!isCut()) {
            cutAt = clock.getAsLong();
        }
    }

    void heal(Gap gap) {
        gaps.remove(gap);
        if (gaps.isEmpty()) {
            cutAt = CONNECTED;
        }
    }

    boolean isCut() {
        return cutAt != CONNECTED;
    }

    void holdEvents(boolean held) {
        eventsHeld = held;
    }

    /** On the service's clock: the activity it surely knows of. A follower may keep the last heartbeat's interval to itself. */
    long touchedAt() {
        return clock.baseAt(Math.max(registeredAt, lastHeartbeat() - heartbeatNanos()));
    }

    private long lastHeartbeat() {
        long cut = cutAt;
        long reference = cut == CONNECTED ? clock.getAsLong() : cut;
        return Math.max(registeredAt, reference / heartbeatNanos() * heartbeatNanos());
    }

    private long heartbeatNanos() {
        return ensemble.terms().heartbeatIntervalMs() * 1_000_000;
    }

    void loseNextAnswer() {
        loseNextAnswer = true;
    }

    void registered(Incarnation next) {
        incarnation = next;
        registeredAt = clock.getAsLong();
        ended = false;
    }

    void ended() {
        Incarnation gone = incarnation;
        ended = true;
        List<MemoryClaim> dead;
        synchronized (claims) {
            dead = new ArrayList<>(claims);
            claims.clear();
        }
        queue(() -> {
            toldValid = false;
            dead.forEach(MemoryClaim::lose);
            tell(l -> l.incarnationEnded(gone));
        });
    }

    void refreshMembers() {
        membersRefreshes.incrementAndGet();
        queue(() -> {
            membersRefreshes.decrementAndGet();
            Members before = members;
            Members after = ensemble.members();
            members = after;
            if (!after.equals(before)) {
                tell(l -> l.membersChanged(before, after));
            }
        });
    }

    /** True while a newer listing of the members is on its way: no grant may overtake it. */
    boolean isMembersViewBehind() {
        return membersRefreshes.get() > 0;
    }

    void refreshClaims() {
        synchronized (claims) {
            claims.forEach(this::refresh);
        }
    }

    void refresh(MemoryClaim claim) {
        queue(() -> claim.look(ensemble));
    }

    void refreshDirectories() {
        queue(() -> new ArrayList<>(directories.values()).forEach(Directory::refresh));
    }

    /** Runs what is due; false if there was nothing. While cut off, only what a server notices by itself. */
    boolean runEvents() {
        if (eventsHeld) {
            return false;
        }
        boolean valid = lease.isValid();
        boolean told = false;
        if (valid != toldValid && !closed) {
            toldValid = valid;
            told = true;
            Incarnation now = incarnation;
            tell(l -> {
                if (valid) {
                    l.leaseValid(now);
                } else {
                    l.leaseLapsed(now);
                }
            });
        }
        List<Runnable> due;
        synchronized (events) {
            if (isCut()) {
                return told;
            }
            due = new ArrayList<>(events);
            events.clear();
        }
        due.forEach(Runnable::run);
        return told || !due.isEmpty();
    }

    void released(MemoryClaim claim) {
        synchronized (claims) {
            claims.remove(claim);
        }
        queue(() -> ensemble.remove(claim));
        ensemble.poke();
    }

    private void queue(Runnable event) {
        synchronized (events) {
            events.add(event);
        }
    }

    private void tell(Consumer<ClusterListener> call) {
        listeners.forEach(call);
    }

    @Override
    public ServerIdentity self() {
        return self;
    }

    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public Members members() {
        return members;
    }

    @Override
    public Members readMembers(long timeoutMs) throws ClusterUnavailableException {
        if (closed || !ensemble.connected(this)) {
            throw new ClusterUnavailableException("no connection: members");
        }
        return ensemble.members();
    }

    @Override
    public LockQueue locks() {
        return (key, mode, listener) -> {
            MemoryClaim claim = new MemoryClaim(this, key, mode, incarnation, listener);
            synchronized (claims) {
                claims.add(claim);
            }
            if (ended) {
                queue(claim::lose);
            } else {
                refresh(claim);
            }
            ensemble.poke();
            return claim;
        };
    }

    @Override
    public SharedValue value(String path) {
        return new Value(path);
    }

    @Override
    public WatchedDirectory directory(String path) {
        Directory directory;
        synchronized (directories) {
            directory = directories.computeIfAbsent(path, Directory::new);
        }
        queue(directory::refresh);
        ensemble.poke();
        return directory;
    }

    @Override
    public ServerState state() {
        return state;
    }

    @Override
    public void announce(ServerState next) {
        state = next;
        ensemble.announce(this);
    }

    @Override
    public void listen(ClusterListener listener) {
        listeners.add(listener);
    }

    @Override
    public void unlisten(ClusterListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            eventsHeld = false;
            ended();
            runEvents();
            ensemble.leave(this);
            ensemble.poke();
        }
    }

    private final Lease lease = new Lease() {
        @Override
        public Incarnation incarnation() {
            return incarnation;
        }

        @Override
        public boolean isValid(Incarnation asked) {
            return stands(asked) && remainingMs() > 0;
        }

        @Override
        public boolean stands(Incarnation asked) {
            return !ended && !closed && asked.equals(incarnation);
        }

        @Override
        public long remainingMs() {
            return Math.floorDiv(lastHeartbeat() - clock.getAsLong(), 1_000_000L)
                    + ensemble.terms().leaseMs();
        }
    };

    private final class Value implements SharedValue {
        private final String path;

        private Value(String path) {
            this.path = path;
        }

        @Override
        public Version read(long timeoutMs) throws ClusterUnavailableException {
            available();
            return ensemble.value(path);
        }

        @Override
        public boolean compareAndSet(Version expected, byte[] next, long timeoutMs) throws ClusterUnavailableException {
            available();
            boolean done = ensemble.compareAndSet(path, expected, next);
            if (loseNextAnswer) {
                loseNextAnswer = false;
                throw new ClusterUnavailableException("answer lost: " + path);
            }
            ensemble.poke();
            return done;
        }

        @Override
        public boolean remove(Version expected, long timeoutMs) throws ClusterUnavailableException {
            available();
            boolean done = ensemble.remove(path, expected);
            ensemble.poke();
            return done;
        }

        private void available() throws ClusterUnavailableException {
            if (closed || !ensemble.connected(MemoryCluster.this)) {
                throw new ClusterUnavailableException("no connection: " + path);
            }
        }
    }

    private final class Directory implements WatchedDirectory {
        private final String path;
        private final List<Runnable> changed = new CopyOnWriteArrayList<>();
        private volatile Map<String, byte[]> entries = new TreeMap<>();

        private Directory(String path) {
            this.path = path;
        }

        private void refresh() {
            Map<String, byte[]> now = ensemble.children(path);
            boolean same = now.keySet().equals(entries.keySet())
                    && now.entrySet().stream()
                            .allMatch(e -> java.util.Arrays.equals(e.getValue(), entries.get(e.getKey())));
            entries = now;
            if (!same) {
                changed.forEach(Runnable::run);
            }
        }

        @Override
        public Map<String, byte[]> entries() {
            return entries;
        }

        @Override
        public void onChange(Runnable listener) {
            changed.add(listener);
        }
    }
}
