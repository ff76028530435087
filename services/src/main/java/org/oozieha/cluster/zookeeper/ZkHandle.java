package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;

/**
 * One ZooKeeper client handle, seen from the event loop: paths are within the namespace, replies complete futures on the loop, in the
 * server's order with the watch events. A failed operation completes with its {@link KeeperException}.
 */
final class ZkHandle {
    /** What a handle reports, on the loop. */
    interface Events {
        void connected(ZkHandle handle);

        void disconnected(ZkHandle handle);

        /** The client says that the session is over, by its own clock or by the server's word. */
        void expired(ZkHandle handle);

        /** Something watched changed. */
        void changed(ZkHandle handle, String path);

        /** There is a connection, but this server could not log in over it; it is tried again. */
        void loginFailed(ZkHandle handle, LoginProblem reason);
    }

    private final EventLoop loop;
    private final String root;
    private final List<ACL> acl;
    private final ZkClient zk;
    private final long openedAtNanos = System.nanoTime();
    private boolean connectedOnce;

    private ZkHandle(Connector connector, EventLoop loop, Events events, ZkHandle before) throws IOException {
        this.loop = loop;
        this.root = connector.options().root();
        this.acl = connector.options().security().acl();
        this.zk = connector.connect(
                event -> loop.execute(() -> dispatch(event, events)),
                problem -> loop.execute(() -> events.loginFailed(this, problem)),
                before == null ? null : before.zk);
    }

    /** A handle with a session of its own. Call on the loop. */
    static ZkHandle open(Connector connector, EventLoop loop, Events events) throws IOException {
        return new ZkHandle(connector, loop, events, null);
    }

    /** A handle that goes on with this one's session. Call on the loop. */
    ZkHandle reattach(Connector connector, Events events) throws IOException {
        return new ZkHandle(connector, loop, events, this);
    }

    /** True while there is a connection, also one over which this server has not logged in yet. */
    boolean hasConnection() {
        return zk.getState().isConnected();
    }

    /** True once it was connected, so that {@link #sessionTimeoutMs()} is the server's word. */
    boolean connectedOnce() {
        return connectedOnce;
    }

    long openedAtNanos() {
        return openedAtNanos;
    }

    long sessionId() {
        return zk.getSessionId();
    }

    /** As negotiated; zero or less after the server said that the session is over. */
    int sessionTimeoutMs() {
        return zk.getSessionTimeout();
    }

    /** Ends the session. Blocks: never on the loop. */
    void close() throws InterruptedException {
        zk.close();
    }

    CompletableFuture<String> create(String path, byte[] data, CreateMode mode) {
        CompletableFuture<String> reply = new CompletableFuture<>();
        zk.create(root + path, data, acl, mode, (rc, p, ctx, name) -> done(reply, rc, p, relative(name)), null);
        return reply;
    }

    /** As {@link #create} of an empty persistent node, by the request that ZooKeeper 3.5 brought. */
    CompletableFuture<String> createWithStat(String path) {
        CompletableFuture<String> reply = new CompletableFuture<>();
        zk.create(
                root + path,
                new byte[0],
                acl,
                CreateMode.PERSISTENT,
                (rc, p, ctx, name, stat) -> done(reply, rc, p, relative(name)),
                null);
        return reply;
    }

    CompletableFuture<Stat> setData(String path, byte[] data, int version) {
        CompletableFuture<Stat> reply = new CompletableFuture<>();
        zk.setData(root + path, data, version, (rc, p, ctx, stat) -> done(reply, rc, p, stat), null);
        return reply;
    }

    CompletableFuture<Node> getData(String path, boolean watch) {
        CompletableFuture<Node> reply = new CompletableFuture<>();
        zk.getData(root + path, watch, (rc, p, ctx, data, stat) -> done(reply, rc, p, new Node(data, stat)), null);
        return reply;
    }

    CompletableFuture<List<String>> getChildren(String path, boolean watch) {
        CompletableFuture<List<String>> reply = new CompletableFuture<>();
        zk.getChildren(root + path, watch, (rc, p, ctx, children) -> done(reply, rc, p, children), null);
        return reply;
    }

    CompletableFuture<Stat> exists(String path, boolean watch) {
        CompletableFuture<Stat> reply = new CompletableFuture<>();
        zk.exists(root + path, watch, (rc, p, ctx, stat) -> done(reply, rc, p, stat), null);
        return reply;
    }

    CompletableFuture<Void> delete(String path) {
        return delete(path, -1);
    }

    CompletableFuture<Void> delete(String path, int version) {
        CompletableFuture<Void> reply = new CompletableFuture<>();
        zk.delete(root + path, version, (rc, p, ctx) -> done(reply, rc, p, null), null);
        return reply;
    }

    CompletableFuture<Void> sync(String path) {
        CompletableFuture<Void> reply = new CompletableFuture<>();
        zk.sync(root + path, (rc, p, ctx) -> done(reply, rc, p, null), null);
        return reply;
    }

    CompletableFuture<List<ACL>> getAcl(String path) {
        CompletableFuture<List<ACL>> reply = new CompletableFuture<>();
        zk.getACL(root + path, null, (rc, p, ctx, found, stat) -> done(reply, rc, p, found), null);
        return reply;
    }

    CompletableFuture<Stat> setAcl(String path, List<ACL> next) {
        CompletableFuture<Stat> reply = new CompletableFuture<>();
        zk.setACL(root + path, next, -1, (rc, p, ctx, stat) -> done(reply, rc, p, stat), null);
        return reply;
    }

    /** Who ZooKeeper thinks this is, e.g. {@code [sasl:oozie]}; fails on servers before 3.7. */
    CompletableFuture<List<String>> identities() {
        CompletableFuture<List<String>> reply = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        List<String> names = new ArrayList<>();
                        for (ClientInfo info : zk.whoAmI()) {
                            names.add(info.getAuthScheme() + ':' + info.getUser());
                        }
                        loop.execute(() -> reply.complete(names));
                    } catch (InterruptedException | RuntimeException e) {
                        loop.execute(() -> reply.completeExceptionally(e));
                    }
                },
                "oozie-ha-zookeeper-who");
        thread.setDaemon(true);
        thread.start();
        return reply;
    }

    /** All or nothing, as one transaction. */
    CompletableFuture<List<OpResult>> multi(List<Op> ops) {
        CompletableFuture<List<OpResult>> reply = new CompletableFuture<>();
        zk.multi(ops, (rc, p, ctx, results) -> done(reply, rc, p, results), null);
        return reply;
    }

    Op createOp(String path, byte[] data, CreateMode mode) {
        return Op.create(root + path, data, acl, mode);
    }

    Op setDataOp(String path, byte[] data, int version) {
        return Op.setData(root + path, data, version);
    }

    Op deleteOp(String path) {
        return Op.delete(root + path, -1);
    }

    private <T> void done(CompletableFuture<T> reply, int rc, String path, T value) {
        loop.execute(() -> {
            KeeperException.Code code = KeeperException.Code.get(rc);
            if (code == KeeperException.Code.OK) {
                reply.complete(value);
            } else {
                reply.completeExceptionally(
                        code == null
                                ? KeeperException.create(KeeperException.Code.SYSTEMERROR, path)
                                : KeeperException.create(code, path));
            }
        });
    }

    private void dispatch(WatchedEvent event, Events events) {
        if (event.getType() != Watcher.Event.EventType.None) {
            events.changed(this, relative(event.getPath()));
            return;
        }
        switch (event.getState()) {
            case SyncConnected:
                connectedOnce = true;
                events.connected(this);
                break;
            case Disconnected:
                events.disconnected(this);
                break;
            case Expired:
                events.expired(this);
                break;
            default:
                // authentication states: what they forbid fails by itself
                break;
        }
    }

    private String relative(String path) {
        return path == null || !path.startsWith(root) ? path : path.substring(root.length());
    }

    /** Data of a node as read. */
    static final class Node {
        private final byte[] data;
        private final Stat stat;

        private Node(byte[] data, Stat stat) {
            this.data = data == null ? new byte[0] : data;
            this.stat = stat;
        }

        byte[] data() {
            return data;
        }

        Stat stat() {
            return stat;
        }
    }
}
