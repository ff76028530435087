package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.LeaseTerms;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a session an incarnation: number, heartbeat node and member node in one transaction, so that no half of it is ever seen.
 *
 * <p>Can be repeated after a lost answer: a registration that this session already has is adopted. Loop only.
 */
final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final byte[] NO_DATA = new byte[0];
    private static final int FORMAT_MAJOR = 1;

    private final ServerIdentity self;
    private final long floor;
    private final LongSupplier wallMs;
    private final ZkHandle handle;

    /** @param floor the lowest incarnation number that may be used: above all that this process has had */
    Registration(ServerIdentity self, long floor, LongSupplier wallMs, ZkHandle handle) {
        this.self = self;
        this.floor = floor;
        this.wallMs = wallMs;
        this.handle = handle;
    }

    /** The new incarnation, or why there is none: {@link Foreign}, {@link Refused}, or a KeeperException after which it may be tried again. */
    CompletableFuture<Registered> run(LeaseTerms terms, ServerState state) {
        return parents()
                .thenCompose(done -> format())
                .thenCompose(done -> version())
                .thenCompose(done -> current())
                .thenCompose(registered -> registered != null
                        ? CompletableFuture.completedFuture(registered)
                        : handle.getData(Paths.incarnation(self.id()), false)
                                .handle((node, failure) -> register(terms, state, node, failure))
                                .thenCompose(Function.identity()));
    }

    private CompletableFuture<Void> parents() {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (String path : Paths.PARENTS) {
            // a failed create would cost a transaction: look first
            all.add(handle.exists(path, false)
                    .handle((stat, missing) -> Failures.code(missing) == Code.NONODE
                            ? handle.create(path, NO_DATA, CreateMode.PERSISTENT)
                                    .handle((name, failure) -> parentMade(path, failure))
                                    .thenCompose(Function.identity())
                            : Registration.<Void>outcome(missing))
                    .thenCompose(Function.identity()));
        }
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
    }

    private static CompletableFuture<Void> parentMade(String path, Throwable failure) {
        Code code = Failures.code(failure);
        if (code == Code.NONODE && path.isEmpty()) {
            return failed(noChroot());
        }
        return code == Code.NODEEXISTS ? CompletableFuture.completedFuture(null) : outcome(failure);
    }

    private CompletableFuture<Void> format() {
        return handle.getData(Paths.FORMAT, false)
                .handle((node, failure) -> {
                    if (Failures.code(failure) == Code.NONODE) {
                        return handle.create(
                                        Paths.FORMAT,
                                        String.valueOf(FORMAT_MAJOR).getBytes(UTF_8),
                                        CreateMode.PERSISTENT)
                                .handle((name, lost) -> Failures.code(lost) == Code.NODEEXISTS
                                        ? CompletableFuture.<Void>completedFuture(null)
                                        : Registration.<Void>outcome(lost))
                                .thenCompose(Function.identity());
                    }
                    return failure == null
                            ? checkFormat(new String(node.data(), UTF_8))
                            : Registration.<Void>outcome(failure);
                })
                .thenCompose(Function.identity());
    }

    private static CompletableFuture<Void> checkFormat(String found) {
        if (found.matches("\\d{1,6}(\\..*)?") && Integer.parseInt(found.replaceFirst("\\..*", "")) <= FORMAT_MAJOR) {
            return CompletableFuture.completedFuture(null);
        }
        return failed(new Refused("the layout in ZooKeeper has version '" + found + "' (" + Paths.FORMAT
                + "), this pack knows up to " + FORMAT_MAJOR + ": upgrade this server's pack, or use another"
                + " oozie.zookeeper.namespace"));
    }

    /** A create in the form that came with 3.5, of a node that is there: a 3.4 server does not know the request. */
    private CompletableFuture<Void> version() {
        return handle.createWithStat(Paths.FORMAT)
                .handle((name, failure) -> Failures.code(failure) == Code.NODEEXISTS
                        ? CompletableFuture.<Void>completedFuture(null)
                        : Registration.<Void>outcome(failure))
                .thenCompose(Function.identity());
    }

    /** Null if nobody is registered under this id. */
    private CompletableFuture<Registered> current() {
        return handle.getData(Paths.server(self.id()), false)
                .handle((node, failure) -> {
                    if (failure != null) {
                        return Failures.code(failure) == Code.NONODE
                                ? CompletableFuture.<Registered>completedFuture(null)
                                : Registration.<Registered>outcome(failure);
                    }
                    if (node.stat().getEphemeralOwner() != handle.sessionId()) {
                        return Registration.<Registered>failed(new Foreign(node));
                    }
                    return adopt(node);
                })
                .thenCompose(Function.identity());
    }

    /** The registration this session made before; one that cannot be read is taken away, to be made anew. */
    private CompletableFuture<Registered> adopt(ZkHandle.Node own) {
        try {
            return CompletableFuture.completedFuture(
                    new Registered(MemberFormat.decode(own.data()).incarnation(), handle.openedAtNanos(), true));
        } catch (IllegalArgumentException damaged) {
            LOG.warn("This server's own member node cannot be read and is made anew: {}", damaged.getMessage());
            handle.delete(Paths.heartbeat(self.id()));
            return handle.delete(Paths.server(self.id())).thenApply(gone -> null);
        }
    }

    private CompletableFuture<Registered> register(
            LeaseTerms terms, ServerState state, ZkHandle.Node last, Throwable failure) {
        Code code = Failures.code(failure);
        if (code != Code.OK && code != Code.NONODE) {
            return outcome(failure);
        }
        long number = Math.max(Math.max(floor, last == null ? 0 : lastNumber(last) + 1), wallMs.getAsLong());
        Incarnation incarnation = Incarnation.of(self.id(), number);
        byte[] numberData = String.valueOf(number).getBytes(UTF_8);
        String numberPath = Paths.incarnation(self.id());
        Op count = last == null
                ? handle.createOp(numberPath, numberData, CreateMode.PERSISTENT)
                : handle.setDataOp(numberPath, numberData, last.stat().getVersion());
        byte[] member =
                MemberFormat.encode(new Member(incarnation, self, state, terms.sessionTimeoutMs(), wallMs.getAsLong()));
        long sentNanos = System.nanoTime();
        return handle.multi(Arrays.asList(
                        count,
                        handle.createOp(Paths.heartbeat(self.id()), NO_DATA, CreateMode.EPHEMERAL),
                        handle.createOp(Paths.server(self.id()), member, CreateMode.EPHEMERAL)))
                .thenApply(results -> new Registered(incarnation, sentNanos, false));
    }

    private static long lastNumber(ZkHandle.Node node) {
        String text = new String(node.data(), UTF_8);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException damaged) {
            LOG.warn("The last incarnation number cannot be read, the wall clock is used: found='{}'", text);
            return 0;
        }
    }

    private static <T> CompletableFuture<T> outcome(Throwable failure) {
        return failure == null ? CompletableFuture.completedFuture(null) : failed(Failures.cause(failure));
    }

    private static <T> CompletableFuture<T> failed(Throwable failure) {
        CompletableFuture<T> future = new CompletableFuture<>();
        future.completeExceptionally(failure);
        return future;
    }

    /** A made or adopted registration. */
    static final class Registered {
        private final Incarnation incarnation;
        private final long sentNanos;
        private final boolean adopted;

        private Registered(Incarnation incarnation, long sentNanos, boolean adopted) {
            this.incarnation = incarnation;
            this.sentNanos = sentNanos;
            this.adopted = adopted;
        }

        /** True for one whose answer was lost: it says the state of then. */
        boolean isAdopted() {
            return adopted;
        }

        Incarnation incarnation() {
            return incarnation;
        }

        /** Before this the session had been shown alive by nobody. */
        long sentNanos() {
            return sentNanos;
        }
    }

    /** Another session has this id; it may be this server's own, from before a crash. */
    static final class Foreign extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Member owner;

        private Foreign(ZkHandle.Node node) {
            super("session 0x" + Long.toHexString(node.stat().getEphemeralOwner()));
            Member decoded = null;
            try {
                decoded = MemberFormat.decode(node.data());
            } catch (IllegalArgumentException damaged) {
                LOG.warn("The member node of this server's id cannot be read: {}", damaged.getMessage());
            }
            owner = decoded;
        }

        long sessionTimeoutMs(long otherwise) {
            return owner == null ? otherwise : owner.sessionTimeoutMs();
        }

        @Override
        public String toString() {
            return owner == null
                    ? getMessage()
                    : owner.incarnation() + " at " + owner.url() + ", started "
                            + java.time.Instant.ofEpochMilli(owner.identity().startedAtMs()) + ", " + getMessage();
        }
    }

    /** Trying again will not help. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    static Refused noChroot() {
        return new Refused("the path in front of the namespace does not exist in ZooKeeper: create the chroot"
                + " named in oozie.zookeeper.connection.string first, or take it out");
    }

    /** What a failed registration means to the operator, or null if it may simply be tried again. */
    static Refused refusal(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof Refused) {
            return (Refused) cause;
        }
        if (cause instanceof KeeperException.UnimplementedException) {
            return new Refused("this ZooKeeper is older than 3.5.5: it does not know how to "
                    + "create container nodes. Upgrade the ensemble named in oozie.zookeeper.connection.string");
        }
        if (cause instanceof KeeperException.NoAuthException) {
            return new Refused("ZooKeeper does not let this server use "
                    + ((KeeperException) cause).getPath()
                    + ": its ACL names another login than this server's. If the znodes are protected, set"
                    + " oozie.zookeeper.secure=true here too, with the same first part of the principal on all servers; if"
                    + " they shall not be any more, open them with `oozie-ha acl --open`");
        }
        return null;
    }
}
