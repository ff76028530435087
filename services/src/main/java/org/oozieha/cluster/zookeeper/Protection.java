package org.oozieha.cluster.zookeeper;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the namespace belongs to this server's login, all of it, before anything is put into it.
 *
 * <p>First it makes sure, without leaving a trace, that ZooKeeper knows this server by the name that the ACL has: else it would lock
 * itself out. Loop only.
 */
final class Protection {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final byte[] NO_DATA = new byte[0];

    private final ZkSecurity security;
    private final ZkHandle handle;

    Protection(ZkSecurity security, ZkHandle handle) {
        this.security = security;
        this.handle = handle;
    }

    /** Completes when every znode is protected, at once if none is to be. Can be repeated. */
    CompletableFuture<Void> establish() {
        if (!security.protects()) {
            return CompletableFuture.completedFuture(null);
        }
        return owned().thenCompose(there -> AclTree.close(handle, security.acl()))
                .thenCompose(Protection::closed);
    }

    private CompletableFuture<Void> owned() {
        return handle.exists("", false)
                .handle((stat, failure) -> {
                    if (Failures.code(failure) == Code.NONODE) {
                        return make();
                    }
                    return failure == null ? accepted() : Protection.<Void>failed(failure);
                })
                .thenCompose(Function.identity());
    }

    /** Made and written in one transaction: if the name is wrong, it is not made. */
    private CompletableFuture<Void> make() {
        return handle.multi(Arrays.asList(
                        handle.createOp("", NO_DATA, CreateMode.PERSISTENT), handle.setDataOp("", NO_DATA, 0)))
                .handle((results, failure) -> {
                    Code code = Failures.code(failure);
                    if (code == Code.NODEEXISTS) {
                        return accepted();
                    }
                    return code == Code.NONODE ? Protection.<Void>failed(Registration.noChroot()) : outcome(failure);
                })
                .thenCompose(Function.identity());
    }

    /** Completes if this login may use what it protects in a namespace that is there; nothing is changed. */
    CompletableFuture<Void> accepted() {
        String path = "/ha-login-" + Long.toHexString(handle.sessionId());
        return handle.multi(Arrays.asList(
                        handle.createOp(path, NO_DATA, CreateMode.PERSISTENT),
                        handle.setDataOp(path, NO_DATA, 0),
                        handle.deleteOp(path)))
                .handle((results, failure) -> outcome(failure))
                .thenCompose(Function.identity());
    }

    private CompletableFuture<Void> outcome(Throwable failure) {
        if (Failures.code(failure) != Code.NOAUTH) {
            return failed(failure);
        }
        return handle.identities()
                .handle((known, unknown) -> unknown == null ? " as " + known : "")
                .thenCompose(
                        known -> Protection.<Void>failed(new Registration.Refused("ZooKeeper, which knows this server"
                                + known + ", does not let it use znodes with the ACL " + security.aclText()
                                + ": if the two names"
                                + " differ, set kerberos.removeHostFromPrincipal=true and kerberos.removeRealmFromPrincipal=true in"
                                + " zoo.cfg (digest: the servers' digestAlg must be SHA1); else the namespace, or the node above it,"
                                + " belongs to somebody else: look with `oozie-ha acl --check`")));
    }

    private static <T> CompletableFuture<T> failed(Throwable failure) {
        CompletableFuture<T> future = new CompletableFuture<>();
        if (failure == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(Failures.cause(failure));
        }
        return future;
    }

    private static CompletableFuture<Void> closed(AclReport report) {
        if (report.refused() > 0) {
            return failed(new Registration.Refused(report.refused() + " znodes belong to somebody else, e.g. "
                    + report.firstRefused() + ": delete them, or give them back as their owner"));
        }
        if (report.different() > 0) {
            LOG.warn(
                    "Znodes that others could use now belong to this login: changed={} of={} acl={} first={}",
                    report.different(),
                    report.seen(),
                    report.wanted(),
                    report.firstDifferent().keySet());
        }
        if (report.secretsDiscarded()) {
            LOG.warn("Others could read or replace the secret that signs login cookies. It was deleted, and the"
                    + " servers make a new one; users log in again. A server that does not log in to ZooKeeper yet keeps the old one"
                    + " until it is restarted with oozie.zookeeper.secure=true");
        }
        return CompletableFuture.completedFuture(null);
    }
}
