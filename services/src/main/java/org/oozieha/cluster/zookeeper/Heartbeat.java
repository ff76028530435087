package org.oozieha.cluster.zookeeper;

import java.util.concurrent.Future;
import org.apache.zookeeper.KeeperException.Code;
import org.oozieha.cluster.LeaseTerms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this server's heartbeat node every sixth of the session timeout, and feeds the lease with each answer.
 *
 * <p>A write, because a follower answers reads and pings of a session that the leader has ended. Loop only.
 */
final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final byte[] BEAT = new byte[0];

    private final EventLoop loop;
    private final ZkLease lease;
    private final LeaseWatch watch;
    private final String path;
    private final Runnable gone;
    private Future<?> next;
    private int run;

    /** @param gone to be run when the node is not this session's any more */
    Heartbeat(EventLoop loop, ZkLease lease, LeaseWatch watch, String path, Runnable gone) {
        this.loop = loop;
        this.lease = lease;
        this.watch = watch;
        this.path = path;
        this.gone = gone;
    }

    /** Beats now and from now on over this connection. */
    void start(ZkHandle handle, LeaseTerms terms) {
        stop();
        beat(handle, terms, run);
    }

    /** Answers that are under way are not listened to any more. */
    void stop() {
        EventLoop.cancel(next);
        run++;
    }

    private void beat(ZkHandle handle, LeaseTerms terms, int thisRun) {
        long sentNanos = System.nanoTime();
        handle.setData(path, BEAT, -1).whenComplete(EventLoop.logged((stat, failure) -> {
            if (thisRun != run) {
                return;
            }
            Code code = Failures.code(failure);
            if (code == Code.OK && stat.getEphemeralOwner() == handle.sessionId()) {
                lease.renew(sentNanos, terms);
                watch.look();
            } else if (code == Code.OK || code == Code.NONODE || code == Code.NOAUTH) {
                LOG.error("The heartbeat node is gone or foreign: incarnation={} reason={}", lease.incarnation(), code);
                gone.run();
            }
        }));
        next = loop.schedule(
                () -> {
                    if (thisRun == run) {
                        beat(handle, terms, thisRun);
                    }
                },
                terms.heartbeatIntervalMs());
    }
}
