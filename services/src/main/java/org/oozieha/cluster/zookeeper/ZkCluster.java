package org.oozieha.cluster.zookeeper;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Cluster} on ZooKeeper 3.5.5 or later.
 *
 * <p>Guarantee: one session per server; its lease rests on acknowledged writes. On failure: as {@link Cluster} says; a start that can
 * not succeed ends with a {@link ClusterStartException} and leaves nothing behind. Thread-safe.
 */
public final class ZkCluster implements Cluster {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final long CLOSE_MS = 5_000;

    private final ServerIdentity self;
    private final EventLoop loop = new EventLoop("oozie-ha-cluster");
    private final ZkLease lease = new ZkLease();
    private final List<ClusterListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, ZkDirectory> directories = new TreeMap<>();
    private final MembersView members = new MembersView(this::membersChanged);
    private final EmptyLockParents emptyLockParents = new EmptyLockParents();
    private final StockEntry stockEntry;
    private final ZkLockQueue locks = new ZkLockQueue(loop, lease, members);
    private final Connector connector;
    private final Session session;
    private boolean closed;

    private ZkCluster(ZkOptions options, ServerIdentity self, LongSupplier wallMs) {
        this.self = self;
        this.stockEntry = new StockEntry(self);
        this.connector = new Connector(options, wallMs);
        this.session = new Session(connector, self, wallMs, loop, new Closer(), lease, new Parts());
    }

    /**
     * Registers this server and waits until it sees the members, at most as long as the options say.
     *
     * @param wallMs the wall clock, milliseconds since the epoch
     */
    public static ZkCluster start(ZkOptions options, ServerIdentity self, LongSupplier wallMs)
            throws ClusterStartException {
        Optional<String> hint = TlsCheck.run(options);
        ZkCluster cluster = new ZkCluster(options, self, wallMs);
        try {
            CompletableFuture<Void> started = cluster.session.start();
            if (options.startupTimeoutMs() < 0) {
                started.get();
            } else {
                started.get(options.startupTimeoutMs(), TimeUnit.MILLISECONDS);
            }
            return cluster;
        } catch (TimeoutException e) {
            Optional<String> obstacle = Optional.ofNullable(cluster.session.obstacle());
            cluster.close();
            throw new ClusterStartException(
                    (obstacle.isPresent() ? obstacle : hint)
                                    .map(text -> text + ". ")
                                    .orElse("")
                            + "ZooKeeper could not be used within oozie.ha.startup.timeout.ms = "
                            + options.startupTimeoutMs()
                            + " ms: oozie.zookeeper.connection.string = " + options.connectionString()
                            + ", namespace = " + options.root() + ", this server = " + self
                            + ". Start ZooKeeper, mend the address, or raise oozie.ha.startup.timeout.ms (-1 waits for ever)",
                    e);
        } catch (InterruptedException e) {
            cluster.close();
            Thread.currentThread().interrupt();
            throw new ClusterStartException("interrupted while waiting for ZooKeeper", e);
        } catch (ExecutionException e) {
            cluster.close();
            throw new ClusterStartException(
                    "This server cannot join the cluster: " + e.getCause().getMessage()
                            + " [oozie.zookeeper.connection.string = " + options.connectionString() + "]",
                    e.getCause());
        }
    }

    /** How often a client handle gave up by its own clock and was replaced, with the session kept. */
    int reattachments() {
        return session.reattachments();
    }

    /** Damaged member nodes that were skipped and logged, each once. */
    int damagedMembers() {
        return members.damaged();
    }

    /** Asks over the current connection; without one the answer is a failure at once. */
    <T> CompletableFuture<T> ask(Function<ZkHandle, CompletableFuture<T>> question) {
        if (loop.inLoop()) {
            throw new IllegalStateException("a callback of the cluster must not wait for the cluster");
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean accepted = loop.execute(() -> {
            ZkHandle handle = session.connectedHandle();
            if (handle == null) {
                answer.completeExceptionally(KeeperException.create(KeeperException.Code.CONNECTIONLOSS));
                return;
            }
            ask(question, handle).whenComplete(EventLoop.logged((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(Failures.cause(failure));
                }
            }));
        });
        if (!accepted) {
            answer.completeExceptionally(KeeperException.create(KeeperException.Code.SESSIONEXPIRED));
        }
        return answer;
    }

    private static <T> CompletableFuture<T> ask(Function<ZkHandle, CompletableFuture<T>> question, ZkHandle handle) {
        try {
            return question.apply(handle);
        } catch (RuntimeException badQuestion) {
            CompletableFuture<T> failed = new CompletableFuture<>();
            failed.completeExceptionally(badQuestion);
            return failed;
        }
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
        return members.members();
    }

    @Override
    public Members readMembers(long timeoutMs) throws ClusterUnavailableException {
        CompletableFuture<Members> listing = ask(handle -> {
            CompletableFuture<Members> read = new CompletableFuture<>();
            handle.sync(Paths.SERVERS);
            members.refresh();
            members.whenCurrent(() -> read.complete(members.members()));
            return read;
        });
        try {
            return listing.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ClusterUnavailableException("ZooKeeper did not list the members within " + timeoutMs + " ms", e);
        } catch (ExecutionException e) {
            throw new ClusterUnavailableException(
                    "ZooKeeper could not list the members: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterUnavailableException("interrupted while the members were listed", e);
        }
    }

    @Override
    public LockQueue locks() {
        return locks;
    }

    @Override
    public SharedValue value(String path) {
        return new ZkValue(this, path);
    }

    @Override
    public WatchedDirectory directory(String path) {
        ZkDirectory directory;
        synchronized (directories) {
            directory = directories.get(path);
            if (directory != null) {
                return directory;
            }
            directory = new ZkDirectory(path);
            directories.put(path, directory);
        }
        ZkDirectory added = directory;
        loop.execute(() -> {
            ZkHandle handle = session.connectedHandle();
            if (handle != null) {
                added.attach(handle);
            }
        });
        return directory;
    }

    @Override
    public ServerState state() {
        return session.state();
    }

    @Override
    public void announce(ServerState next) {
        loop.execute(() -> session.announce(next));
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
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> session.close().whenComplete(EventLoop.logged((nothing, failure) -> done.complete(null))));
        try {
            done.get(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("ZooKeeper did not confirm the end of the session; it ends by its timeout");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("The session did not end cleanly", e.getCause());
        } finally {
            loop.close();
            connector.close();
        }
    }

    /** Removes empty persistent lock parents that stock servers left, in the background. For the leader, while no stock server is there. */
    public void removeEmptyLockParents() {
        loop.execute(() -> {
            ZkHandle handle = session.connectedHandle();
            if (handle != null) {
                emptyLockParents.clean(handle);
            }
        });
    }

    private void membersChanged(Members before, Members after) {
        stockEntry.membersChanged(after);
        tell(l -> l.membersChanged(before, after));
    }

    private void tell(Consumer<ClusterListener> call) {
        for (ClusterListener listener : listeners) {
            EventLoop.call(() -> call.accept(listener));
        }
    }

    private List<ZkDirectory> directories() {
        synchronized (directories) {
            return new java.util.ArrayList<>(directories.values());
        }
    }

    private final class Parts implements Session.Parts {
        @Override
        public CompletableFuture<?> attach(ZkHandle handle) {
            handle.sync(Paths.SERVERS);
            members.attach(handle);
            locks.attach(handle);
            stockEntry.attach(handle);
            directories().forEach(d -> d.attach(handle));
            CompletableFuture<Void> ready = new CompletableFuture<>();
            members.whenCurrent(() -> ready.complete(null));
            return ready;
        }

        @Override
        public void detach() {
            members.detach();
            locks.detach();
            stockEntry.detach();
            directories().forEach(ZkDirectory::detach);
        }

        @Override
        public void leaseValid(Incarnation incarnation) {
            tell(l -> l.leaseValid(incarnation));
        }

        @Override
        public void leaseLapsed(Incarnation incarnation) {
            tell(l -> l.leaseLapsed(incarnation));
        }

        @Override
        public void ended(Incarnation incarnation) {
            detach();
            members.dropWaiting();
            locks.end();
            tell(l -> l.incarnationEnded(incarnation));
        }

        @Override
        public void changed(String path) {
            if (Paths.isBelowOrAt(path, Paths.SERVERS) || Paths.isBelowOrAt(path, Paths.STOCK_SERVERS)) {
                members.refresh();
            } else {
                locks.changed(path);
            }
            directories().forEach(d -> d.changed(path));
        }
    }
}
