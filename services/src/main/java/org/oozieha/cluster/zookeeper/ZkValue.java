package org.oozieha.cluster.zookeeper;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;

/** {@link SharedValue} in one persistent node. While there is no connection it is unavailable at once. */
final class ZkValue implements SharedValue {
    private final ZkCluster cluster;
    private final String path;

    ZkValue(ZkCluster cluster, String path) {
        this.cluster = cluster;
        this.path = path;
    }

    @Override
    public Version read(long timeoutMs) throws ClusterUnavailableException {
        return ask(timeoutMs, "read", handle -> {
            handle.sync(path);
            return handle.getData(path, false)
                    .handle((node, failure) -> {
                        if (Failures.code(failure) == Code.NONODE) {
                            return CompletableFuture.completedFuture(Version.absent());
                        }
                        return failure == null
                                ? CompletableFuture.completedFuture(
                                        Version.of(node.data(), node.stat().getVersion()))
                                : ZkValue.<Version>failed(failure);
                    })
                    .thenCompose(answer -> answer);
        });
    }

    @Override
    public boolean compareAndSet(Version expected, byte[] next, long timeoutMs) throws ClusterUnavailableException {
        return ask(
                timeoutMs,
                "compare and set",
                handle -> expected.exists()
                        ? wonUnless(handle.setData(path, next, expected.number()), Code.BADVERSION, Code.NONODE)
                        : wonUnless(createWithParents(handle, path, next), Code.NODEEXISTS, null));
    }

    @Override
    public boolean remove(Version expected, long timeoutMs) throws ClusterUnavailableException {
        if (!expected.exists()) {
            return false;
        }
        return ask(
                timeoutMs,
                "remove",
                handle -> wonUnless(handle.delete(path, expected.number()), Code.BADVERSION, Code.NONODE));
    }

    private static CompletableFuture<Boolean> wonUnless(CompletableFuture<?> done, Code lost, Code alsoLost) {
        return done.handle((answer, failure) -> {
                    Code code = Failures.code(failure);
                    return code == lost || code == alsoLost
                            ? CompletableFuture.completedFuture(false)
                            : failure == null
                                    ? CompletableFuture.completedFuture(true)
                                    : ZkValue.<Boolean>failed(failure);
                })
                .thenCompose(answer -> answer);
    }

    private static CompletableFuture<String> createWithParents(ZkHandle handle, String path, byte[] data) {
        return handle.create(path, data, CreateMode.PERSISTENT)
                .handle((name, failure) -> {
                    int slash = path.lastIndexOf('/');
                    if (Failures.code(failure) != Code.NONODE || slash < 0) {
                        return failure == null
                                ? CompletableFuture.completedFuture(name)
                                : ZkValue.<String>failed(failure);
                    }
                    return createWithParents(handle, path.substring(0, slash), new byte[0])
                            .handle((parent, parentFailure) ->
                                    Failures.code(parentFailure) == Code.NODEEXISTS || parentFailure == null
                                            ? handle.create(path, data, CreateMode.PERSISTENT)
                                            : ZkValue.<String>failed(parentFailure))
                            .thenCompose(created -> created);
                })
                .thenCompose(created -> created);
    }

    private static <T> CompletableFuture<T> failed(Throwable failure) {
        CompletableFuture<T> future = new CompletableFuture<>();
        future.completeExceptionally(Failures.cause(failure));
        return future;
    }

    private <T> T ask(long timeoutMs, String what, Function<ZkHandle, CompletableFuture<T>> question)
            throws ClusterUnavailableException {
        CompletableFuture<T> answer = cluster.ask(question);
        try {
            return answer.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ClusterUnavailableException(
                    "ZooKeeper did not answer within " + timeoutMs + " ms: " + what + " " + path, e);
        } catch (ExecutionException e) {
            throw new ClusterUnavailableException(
                    "ZooKeeper could not " + what + " " + path + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterUnavailableException("interrupted: " + what + " " + path, e);
        }
    }
}
