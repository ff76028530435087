package org.oozieha.cluster.zookeeper;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;

/** The connection over which locks are asked for now. What was asked over an earlier one proves nothing about this one. Loop only. */
final class LockConnection {
    private static final long RETRY_MS = 100;

    private final EventLoop loop;
    private ZkHandle handle;
    private int number;

    LockConnection(EventLoop loop) {
        this.loop = loop;
    }

    void attach(ZkHandle newHandle) {
        handle = newHandle;
        number++;
    }

    void detach() {
        attach(null);
    }

    boolean isThere() {
        return handle != null;
    }

    /** Null while there is none. */
    ZkHandle handle() {
        return handle;
    }

    /** Changes with each connection. */
    int number() {
        return number;
    }

    /** Runs the task in a moment, unless the connection has changed by then: what is open then is taken up by the next one. */
    void later(Runnable task) {
        int now = number;
        loop.schedule(
                () -> {
                    if (now == number) {
                        task.run();
                    }
                },
                RETRY_MS);
    }

    /** A listing of a key's queue that shows all that earlier connections have done; none if the connection breaks meanwhile. */
    void listSynced(String key, Consumer<List<String>> then) {
        if (handle == null) {
            return;
        }
        int sentOver = number;
        CompletableFuture<Void> synced = handle.sync(Paths.LOCKS);
        handle.getChildren(Paths.lock(key), true).whenComplete(EventLoop.logged((children, failure) -> {
            Code code = Failures.code(failure);
            if (sentOver == number && !synced.isCompletedExceptionally() && (code == Code.OK || code == Code.NONODE)) {
                then.accept(code == Code.OK ? children : new ArrayList<>());
            }
        }));
    }
}
