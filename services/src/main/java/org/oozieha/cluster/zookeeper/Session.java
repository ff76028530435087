package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LeaseTerms;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of this server's sessions, one incarnation after the other, and the heartbeat that feeds the lease.
 *
 * <p>Losing the connection is not losing the session: a handle that gave up by its own clock is replaced by one that goes on with the
 * same session. Only the server's word ends an incarnation: a handle that had connected and whose negotiated timeout is zero now, or
 * an expiry sooner after a re-attach than the client could have given up by itself. Loop only.
 */
final class Session implements ZkHandle.Events {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final long RETRY_MS = 250;
    /** An expiry this close to the client's own limit may be either; the next re-attach tells. */
    private static final long CLOCK_SLACK_MS = 500;

    /** What rests on the session. Called on the loop. */
    interface Parts {
        /** The session is connected and registered. The result completes when all parts have read what they need. */
        CompletableFuture<?> attach(ZkHandle handle);

        void detach();

        void leaseValid(Incarnation incarnation);

        void leaseLapsed(Incarnation incarnation);

        void ended(Incarnation incarnation);

        void changed(String path);
    }

    private final ZkOptions options;
    private final Connector connector;
    private final ServerIdentity self;
    private final LongSupplier wallMs;
    private final EventLoop loop;
    private final Closer closer;
    private final ZkLease lease;
    private final Parts parts;
    private final LeaseWatch leaseWatch;
    private final Heartbeat heartbeat;
    private final ForeignOwner foreignOwner = new ForeignOwner();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private volatile ServerState state = ServerState.JOINING;
    private ZkHandle handle;
    private boolean connected;
    private long lostSinceNanos;
    private boolean registered;
    private boolean closed;
    private LeaseTerms terms;
    /** The latest reading of everything; an earlier one's end means nothing. */
    private CompletableFuture<?> attaching;

    private volatile int reattachments;
    private volatile String obstacle;
    private boolean isProtected;

    Session(
            Connector connector,
            ServerIdentity self,
            LongSupplier wallMs,
            EventLoop loop,
            Closer closer,
            ZkLease lease,
            Parts parts) {
        this.options = connector.options();
        this.connector = connector;
        this.self = self;
        this.wallMs = wallMs;
        this.loop = loop;
        this.closer = closer;
        this.lease = lease;
        this.parts = parts;
        this.leaseWatch = new LeaseWatch(loop, lease, parts);
        this.heartbeat = new Heartbeat(loop, lease, leaseWatch, Paths.heartbeat(self.id()), this::abandon);
    }

    /** Completes when the first incarnation is registered and its parts have read what they need, or with why it cannot be. */
    CompletableFuture<Void> start() {
        loop.execute(this::open);
        return started;
    }

    ServerState state() {
        return state;
    }

    /** The handle to ask now; null while there is no connection. */
    ZkHandle connectedHandle() {
        return connected ? handle : null;
    }

    /** How often a handle was replaced by one that goes on with its session. */
    int reattachments() {
        return reattachments;
    }

    void announce(ServerState next) {
        if (state != next) {
            LOG.info("State: server={} from={} to={}", self.id(), state, next);
            state = next;
            writeMember();
        }
    }

    /** Ends the session for good. The returned future completes when ZooKeeper has been told, or cannot be. */
    CompletableFuture<Void> close() {
        closed = true;
        endIncarnation();
        started.completeExceptionally(new ClusterStartException("closed while starting"));
        return handle == null ? CompletableFuture.completedFuture(null) : closer.close(handle);
    }

    @Override
    public void connected(ZkHandle reporter) {
        if (closed || reporter != handle) {
            return;
        }
        int granted = handle.sessionTimeoutMs();
        if (granted <= 0) {
            return; // ended meanwhile: Expired follows
        }
        connected = true;
        try {
            terms = LeaseTerms.of(granted, options.tickMs());
            lease.cap(terms);
        } catch (IllegalArgumentException unsafe) {
            refuse(unsafe.getMessage());
            if (registered) {
                abandon();
            }
            return;
        }
        if (terms.sessionTimeoutMs() != options.sessionTimeoutMs()) {
            LOG.warn(
                    "ZooKeeper granted another session timeout than oozie.ha.session.timeout.ms asked for: asked={} {}",
                    options.sessionTimeoutMs(),
                    terms);
        }
        if (registered) {
            obstacle = null;
            LOG.info("Connected again: incarnation={}", lease.incarnation());
            heartbeat.start(handle, terms);
            writeMember();
            attachParts();
        } else {
            register();
        }
    }

    @Override
    public void disconnected(ZkHandle reporter) {
        if (reporter == handle && connected) {
            connected = false;
            attaching = null;
            heartbeat.stop();
            leaseWatch.partsReady(false);
            parts.detach();
            LOG.warn(
                    "Connection to ZooKeeper lost: incarnation={} lease_remaining_ms={}",
                    lease.incarnation(),
                    lease.remainingMs());
            long sinceNanos = System.nanoTime();
            lostSinceNanos = sinceNanos;
            loop.schedule(() -> replaceSilent(reporter, sinceNanos), options.sessionTimeoutMs() * 2L);
        }
    }

    /** An ensemble that lost its data refuses a handle that has seen more, for ever and without a word; a new handle has seen nothing. */
    private void replaceSilent(ZkHandle silent, long sinceNanos) {
        if (closed || !registered || connected || silent != handle || sinceNanos != lostSinceNanos) {
            return;
        }
        if (silent.hasConnection()) {
            // it cannot log in yet, and its session lives; closing it would end that
            loop.schedule(() -> replaceSilent(silent, sinceNanos), options.sessionTimeoutMs());
        } else {
            LOG.warn(
                    "No connection and no answer, re-attaching with a new client: incarnation={}", lease.incarnation());
            reattach(silent);
            closer.close(silent);
        }
    }

    @Override
    public void expired(ZkHandle reporter) {
        if (closed || reporter != handle) {
            return;
        }
        disconnected(reporter);
        if (!registered) {
            open();
        } else if (saidByServer(reporter)) {
            LOG.warn("ZooKeeper ended the session: incarnation={}", lease.incarnation());
            endIncarnation();
            open();
        } else {
            LOG.warn("The client gave up by its own clock, re-attaching: incarnation={}", lease.incarnation());
            reattach(reporter);
        }
    }

    @Override
    public void changed(ZkHandle reporter, String path) {
        if (!closed && reporter == handle && registered) {
            parts.changed(path);
        }
    }

    @Override
    public void loginFailed(ZkHandle reporter, LoginProblem reason) {
        if (closed || reporter != handle) {
            return;
        }
        if (!reason.isPassing() || started.isDone()) {
            refuse(reason.getMessage());
        } else {
            obstacle = reason.getMessage();
        }
    }

    /** Why this server cannot use ZooKeeper at present; null if nothing is known. */
    String obstacle() {
        return obstacle;
    }

    private boolean saidByServer(ZkHandle reporter) {
        if (reporter.connectedOnce()) {
            return reporter.sessionTimeoutMs() <= 0;
        }
        long sinceOpenMs = (System.nanoTime() - reporter.openedAtNanos()) / 1_000_000;
        return sinceOpenMs < options.sessionTimeoutMs() * 4L / 3 - CLOCK_SLACK_MS;
    }

    private void open() {
        if (closed) {
            return;
        }
        try {
            handle = ZkHandle.open(connector, loop, this);
        } catch (IOException | RuntimeException | Error bad) {
            refuse("ZooKeeper cannot be reached with this address: " + bad.getMessage());
            loop.schedule(this::open, RETRY_MS);
        }
    }

    private void reattach(ZkHandle gone) {
        if (closed) {
            return;
        }
        try {
            reattachments++;
            handle = gone.reattach(connector, this);
        } catch (IOException | RuntimeException | Error bad) {
            LOG.error("Re-attaching failed, trying again", bad);
            loop.schedule(() -> reattach(gone), RETRY_MS);
        }
    }

    private void register() {
        ZkHandle on = handle;
        ServerState announced = state;
        long floor = Math.max(lease.incarnation().number() + 1, options.incarnationFloor());
        protection(on)
                .thenCompose(done -> new Registration(self, floor, wallMs, on).run(terms, announced))
                .whenComplete(EventLoop.logged((done, failure) -> {
                    if (closed || on != handle || registered) {
                        return;
                    }
                    if (failure == null) {
                        begin(done, announced);
                    } else {
                        registrationFailed(failure);
                    }
                }));
    }

    /** Once for each incarnation: what is made later belongs to this server, but while it had no session others may have been there. */
    private CompletableFuture<Void> protection(ZkHandle on) {
        return isProtected
                ? CompletableFuture.completedFuture(null)
                : new Protection(options.security(), on).establish().thenAccept(done -> isProtected = true);
    }

    private void begin(Registration.Registered done, ServerState announced) {
        registered = true;
        obstacle = null;
        foreignOwner.gone();
        lease.begin(done.incarnation(), done.sentNanos(), terms);
        LOG.info("Registered: incarnation={} {}", done.incarnation(), terms);
        heartbeat.start(handle, terms);
        if (state != announced || done.isAdopted()) {
            writeMember();
        }
        attachParts().whenComplete(EventLoop.logged((ready, failure) -> {
            if (failure == null) {
                started.complete(null);
            }
        }));
    }

    private void registrationFailed(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        Registration.Refused refused = Registration.refusal(cause);
        if (refused != null) {
            refuse(refused.getMessage());
        } else if (cause instanceof Registration.Foreign) {
            foreignOwner.refusal((Registration.Foreign) cause, terms).ifPresent(this::refuse);
        } else if (!Failures.isConnection(Failures.code(cause))) {
            LOG.info("Registration is tried again: {}", cause.toString());
        }
        if (!closed && connected) {
            ZkHandle on = handle;
            loop.schedule(
                    () -> {
                        if (on == handle && connected && !registered) {
                            register();
                        }
                    },
                    RETRY_MS);
        }
    }

    private void refuse(String why) {
        boolean first = started.completeExceptionally(new ClusterStartException(why));
        if (!first && !why.equals(obstacle)) {
            LOG.error("This server cannot take part in the cluster, trying again: {}", why);
        }
        obstacle = why;
    }

    /** Reads everything anew. What is not done in a third of T may never be: the session is ended, so that all its nodes go at once. */
    private CompletableFuture<?> attachParts() {
        ZkHandle on = handle;
        CompletableFuture<?> ready = parts.attach(on);
        attaching = ready;
        CompletableFuture<?> told = ready.whenComplete(EventLoop.logged((nothing, failure) -> {
            if (ready == attaching) {
                leaseWatch.partsReady(true);
            }
        }));
        loop.schedule(
                () -> {
                    if (ready == attaching && connected && registered && !ready.isDone()) {
                        LOG.error("ZooKeeper does not answer after a reconnect: incarnation={}", lease.incarnation());
                        abandon();
                    }
                },
                terms.sessionTimeoutMs() / 3);
        return told;
    }

    /** Gives this session up by our own will and starts a new incarnation. */
    private void abandon() {
        ZkHandle gone = handle;
        disconnected(gone);
        endIncarnation();
        closer.close(gone);
        open();
    }

    private void endIncarnation() {
        if (registered) {
            registered = false;
            connected = false;
            isProtected = false;
            attaching = null;
            heartbeat.stop();
            leaseWatch.stop();
            lease.end();
            parts.ended(lease.incarnation());
        }
    }

    private void writeMember() {
        if (connected && registered && terms != null) {
            byte[] data = MemberFormat.encode(
                    new Member(lease.incarnation(), self, state, terms.sessionTimeoutMs(), wallMs.getAsLong()));
            handle.setData(Paths.server(self.id()), data, -1).whenComplete(EventLoop.logged((stat, failure) -> {
                if (failure != null && !Failures.isConnection(Failures.code(failure))) {
                    LOG.warn("The member node cannot be written: {}", Failures.code(failure));
                }
            }));
        }
    }
}
