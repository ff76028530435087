package org.oozieha.cluster.zookeeper;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.ACL;

/**
 * Reads, and if so wanted sets, the ACL of every znode below and at the namespace.
 *
 * <p>A parent before its children, so that nothing open can be made below what was closed; at most {@value #AT_ONCE} nodes at once. Can
 * be broken off anywhere and repeated: what is right already is only read.
 *
 * <p>When a tree is closed, a secret that others could read or put there is not kept: it is deleted once nobody else can make it anew.
 * Loop only.
 */
final class AclTree {
    private static final int AT_ONCE = 64;
    private static final String SECRETS = "/ha/secrets";

    private enum Work {
        COMPARE,
        SET,
        CLOSE
    }

    private final ZkHandle handle;
    private final List<ACL> wanted;
    private final Work work;
    private final AclReport.Builder report;
    private final CompletableFuture<AclReport> done = new CompletableFuture<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private int underWay;
    /** Others could use the secrets' node or one above it. */
    private boolean secretsExposed;

    private AclTree(ZkHandle handle, List<ACL> wanted, Work work) {
        this.handle = handle;
        this.wanted = wanted;
        this.work = work;
        this.report = new AclReport.Builder(work != Work.COMPARE, ZkSecurity.text(wanted));
    }

    /** Which znodes have another ACL. */
    static CompletableFuture<AclReport> compare(ZkHandle handle, List<ACL> wanted) {
        return new AclTree(handle, wanted, Work.COMPARE).run();
    }

    /** Gives every znode this ACL. */
    static CompletableFuture<AclReport> set(ZkHandle handle, List<ACL> wanted) {
        return new AclTree(handle, wanted, Work.SET).run();
    }

    /** Gives every znode this ACL, and deletes a secret that had, or stood below, another one. */
    static CompletableFuture<AclReport> close(ZkHandle handle, List<ACL> wanted) {
        return new AclTree(handle, wanted, Work.CLOSE).run();
    }

    private CompletableFuture<AclReport> run() {
        waiting.push("");
        next();
        return done;
    }

    private void next() {
        while (underWay < AT_ONCE && !waiting.isEmpty() && !done.isDone()) {
            underWay++;
            look(waiting.pop());
        }
        if (underWay == 0 && waiting.isEmpty()) {
            done.complete(report.build());
        }
    }

    private void look(String path) {
        handle.getAcl(path).whenComplete(EventLoop.logged((found, failure) -> {
            if (failure != null) {
                notDone(path, failure);
                return;
            }
            report.seen();
            boolean right = found.equals(wanted);
            if (!right) {
                report.different(path, ZkSecurity.text(found));
                secretsExposed |= (SECRETS + '/').startsWith(path + '/');
            }
            if (work == Work.CLOSE && secretsExposed && path.equals(SECRETS)) {
                discard(path);
            } else if (!right && work != Work.COMPARE) {
                handle.setAcl(path, wanted).whenComplete(EventLoop.logged((stat, refused) -> settled(path, refused)));
            } else {
                children(path);
            }
        }));
    }

    private void settled(String path, Throwable failure) {
        if (failure == null) {
            children(path);
        } else {
            notDone(path, failure);
        }
    }

    /** What stands above it is closed by now. */
    private void discard(String path) {
        handle.delete(path).whenComplete(EventLoop.logged((nothing, failure) -> {
            if (failure != null) {
                notDone(path, failure);
                return;
            }
            report.secretsDiscarded();
            over();
        }));
    }

    private void children(String path) {
        handle.getChildren(path, false).whenComplete(EventLoop.logged((names, failure) -> {
            if (failure != null) {
                notDone(path, failure);
                return;
            }
            names.forEach(name -> waiting.push(path + '/' + name));
            over();
        }));
    }

    private void notDone(String path, Throwable failure) {
        Code code = Failures.code(failure);
        if (code == Code.NOAUTH) {
            report.refused(path);
        } else if (code == Code.NOTEMPTY) {
            done.completeExceptionally(new Registration.Refused("somebody has put znodes below " + path
                    + ", which has none: delete it with all below it, e.g. by deleteall of ZooKeeper's command line"));
        } else if (code != Code.NONODE) {
            done.completeExceptionally(Failures.cause(failure));
        }
        over();
    }

    private void over() {
        underWay--;
        next();
    }
}
