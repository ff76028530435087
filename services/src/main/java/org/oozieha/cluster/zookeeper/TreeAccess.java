package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.zookeeper.ZooDefs;
import org.oozieha.cluster.ClusterUnavailableException;

/**
 * Who may use the znodes of a namespace, looked at and changed from outside, with a session of its own.
 *
 * <p>Each call is bounded by its timeout. On failure {@link ClusterUnavailableException} says what was tried; a change that was broken
 * off can be repeated. Thread-safe.
 */
public final class TreeAccess {
    private final ZkOptions options;
    private final long timeoutMs;

    /** @param timeoutMs bound for the connection, and for the work */
    public TreeAccess(ZkOptions options, long timeoutMs) {
        this.options = options;
        this.timeoutMs = timeoutMs;
    }

    /** Compares every ACL with the one the options ask for. */
    public AclReport check() throws ClusterUnavailableException, InterruptedException {
        return ask(handle -> AclTree.compare(handle, options.security().acl()));
    }

    /** Gives every znode to the login in the options; a secret that others could read or replace is deleted. */
    public AclReport close() throws ClusterUnavailableException, InterruptedException {
        return ask(handle -> AclTree.compare(handle, options.security().acl())
                .thenCompose(found -> found.different() == 0
                        ? CompletableFuture.completedFuture(found)
                        : new Protection(options.security(), handle)
                                .accepted()
                                .thenCompose(accepted ->
                                        AclTree.close(handle, options.security().acl()))));
    }

    /** Lets anybody do anything with every znode. */
    public AclReport open() throws ClusterUnavailableException, InterruptedException {
        return ask(handle -> AclTree.set(handle, ZooDefs.Ids.OPEN_ACL_UNSAFE));
    }

    private AclReport ask(Function<ZkHandle, CompletableFuture<AclReport>> question)
            throws ClusterUnavailableException, InterruptedException {
        try {
            TlsCheck.run(options);
        } catch (ClusterStartException e) {
            throw new ClusterUnavailableException(e.getMessage(), e);
        }
        Opening opening = new Opening();
        EventLoop loop = new EventLoop("oozie-ha-acl");
        ZkHandle handle = null;
        try (Connector connector = new Connector(options, System::currentTimeMillis)) {
            handle = ZkHandle.open(connector, loop, opening);
            ZkHandle connected = handle;
            opening.connected.get(timeoutMs, TimeUnit.MILLISECONDS);
            CompletableFuture<AclReport> answer = new CompletableFuture<>();
            loop.execute(() -> question.apply(connected).whenComplete((report, failure) -> {
                if (failure == null) {
                    answer.complete(report);
                } else {
                    answer.completeExceptionally(Failures.cause(failure));
                }
            }));
            return answer.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw new ClusterUnavailableException(
                    "ZooKeeper cannot be reached at " + options.connectionString() + ": " + e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new ClusterUnavailableException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            String problem = opening.problem;
            throw new ClusterUnavailableException(
                    "ZooKeeper at " + options.connectionString() + " could not be asked within " + timeoutMs + " ms"
                            + (problem == null ? "" : ": " + problem),
                    e);
        } finally {
            if (handle != null) {
                handle.close();
            }
            loop.close();
        }
    }

    private static final class Opening implements ZkHandle.Events {
        private final CompletableFuture<Void> connected = new CompletableFuture<>();
        private volatile String problem;

        @Override
        public void connected(ZkHandle handle) {
            connected.complete(null);
        }

        @Override
        public void disconnected(ZkHandle handle) {}

        @Override
        public void expired(ZkHandle handle) {}

        @Override
        public void changed(ZkHandle handle, String path) {}

        @Override
        public void loginFailed(ZkHandle handle, LoginProblem reason) {
            problem = reason.getMessage();
            if (!reason.isPassing()) {
                connected.completeExceptionally(reason);
            }
        }
    }
}
