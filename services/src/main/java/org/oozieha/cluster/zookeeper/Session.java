package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException.Code;
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
    private static final byte[] BEAT = new byte[0];
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
    private final ServerIdentity self;
    private final LongSupplier wallMs;
    private final EventLoop loop;
    private final Closer closer;
    private final ZkLease lease;
    private final Parts parts;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private volatile ServerState state = ServerState.JOINING;
    private ZkHandle handle;
    private boolean connected;
    private boolean registered;
    private boolean closed;
    private LeaseTerms terms;
    private Future<?> nextBeat;
    private Future<?> nextLook;
    private boolean toldValid;
    /** The latest reading of everything; an earlier one's end means nothing. */
    private CompletableFuture<?> attaching;

    private boolean partsReady;
    private long foreignDeadlineNanos;
    private boolean foreignSeen;
    private volatile int reattachments;

    Session(
            ZkOptions options,
            ServerIdentity self,
            LongSupplier wallMs,
            EventLoop loop,
            Closer closer,
            ZkLease lease,
            Parts parts) {
        this.options = options;
        this.self = self;
        this.wallMs = wallMs;
        this.loop = loop;
        this.closer = closer;
        this.lease = lease;
        this.parts = parts;
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
        cancel(nextBeat);
        cancel(nextLook);
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
            LOG.info("Connected again: incarnation={}", lease.incarnation());
            beat();
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
            partsReady = false;
            attaching = null;
            parts.detach();
            LOG.warn(
                    "Connection to ZooKeeper lost: incarnation={} lease_remaining_ms={}",
                    lease.incarnation(),
                    lease.remainingMs());
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
            handle = ZkHandle.open(options, loop, this);
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
            handle = gone.reattach(options, this);
        } catch (IOException | RuntimeException | Error bad) {
            LOG.error("Re-attaching failed, trying again", bad);
            loop.schedule(() -> reattach(gone), RETRY_MS);
        }
    }

    private void register() {
        ZkHandle on = handle;
        ServerState announced = state;
        long floor = Math.max(lease.incarnation().number() + 1, options.incarnationFloor());
        new Registration(self, floor, wallMs, on)
                .run(terms, announced)
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

    private void begin(Registration.Registered done, ServerState announced) {
        registered = true;
        foreignSeen = false;
        lease.begin(done.incarnation(), done.sentNanos(), terms);
        LOG.info("Registered: incarnation={} {}", done.incarnation(), terms);
        beat();
        if (state != announced) {
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
            waitForForeign((Registration.Foreign) cause);
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

    private void waitForForeign(Registration.Foreign foreign) {
        if (!foreignSeen) {
            foreignSeen = true;
            long waitMs = foreign.sessionTimeoutMs(terms.sessionTimeoutMs()) + 2 * terms.tickMs();
            foreignDeadlineNanos = System.nanoTime() + waitMs * 1_000_000;
            LOG.warn("This server's id is still registered, waiting for its end: owner={} wait_ms={}", foreign, waitMs);
        } else if (System.nanoTime() - foreignDeadlineNanos > 0) {
            foreignSeen = false;
            refuse("another live server has the same oozie.instance.id: " + foreign
                    + ". Give each server an id of its own" + " (oozie.instance.id), or stop that one");
        }
    }

    private void refuse(String why) {
        if (started.isDone()) {
            LOG.error("This server cannot take part in the cluster: {}", why);
        } else {
            started.completeExceptionally(new ClusterStartException(why));
        }
    }

    /** Reads everything anew. What is not done in a third of T may never be: the session is ended, so that all its nodes go at once. */
    private CompletableFuture<?> attachParts() {
        ZkHandle on = handle;
        CompletableFuture<?> ready = parts.attach(on);
        attaching = ready;
        CompletableFuture<?> told = ready.whenComplete(EventLoop.logged((nothing, failure) -> {
            if (ready == attaching) {
                partsReady = true;
                watchLease();
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

    private void beat() {
        cancel(nextBeat);
        if (closed || !registered) {
            return;
        }
        LeaseTerms now = terms;
        if (connected && now != null) {
            ZkHandle on = handle;
            long sentNanos = System.nanoTime();
            on.setData(Paths.heartbeat(self.id()), BEAT, -1).whenComplete(EventLoop.logged((stat, failure) -> {
                if (on != handle || !registered) {
                    return;
                }
                Code code = Failures.code(failure);
                if (code == Code.OK && stat.getEphemeralOwner() == on.sessionId()) {
                    lease.renew(sentNanos, now);
                    watchLease();
                } else if (code == Code.OK || code == Code.NONODE || code == Code.NOAUTH) {
                    LOG.error(
                            "The heartbeat node is gone or foreign: incarnation={} reason={}",
                            lease.incarnation(),
                            code);
                    abandon();
                }
            }));
        }
        nextBeat = loop.schedule(this::beat, now == null ? RETRY_MS : now.heartbeatIntervalMs());
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
            partsReady = false;
            attaching = null;
            cancel(nextBeat);
            cancel(nextLook);
            lease.end();
            toldValid = false;
            parts.ended(lease.incarnation());
        }
    }

    private void watchLease() {
        cancel(nextLook);
        boolean valid = lease.isValid();
        if (valid && !toldValid && !partsReady) {
            return; // told when the members have been read again
        }
        if (valid != toldValid) {
            toldValid = valid;
            if (valid) {
                parts.leaseValid(lease.incarnation());
            } else {
                LOG.warn("Lease lapsed: incarnation={}", lease.incarnation());
                parts.leaseLapsed(lease.incarnation());
            }
        }
        if (valid) {
            nextLook = loop.schedule(this::watchLease, lease.remainingMs() + 1);
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

    private static void cancel(Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }
}
