package org.oozieha.cluster.zookeeper;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes handles on threads of their own: closing waits for ZooKeeper's answer, and the loop must not. */
final class Closer {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");

    CompletableFuture<Void> close(ZkHandle handle) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        handle.close();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        LOG.warn("A ZooKeeper session could not be closed cleanly; it ends by its timeout", e);
                    } finally {
                        done.complete(null);
                    }
                },
                "oozie-ha-zookeeper-close");
        thread.setDaemon(true);
        thread.start();
        return done;
    }
}
