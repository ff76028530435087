package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oozieha.cluster.WatchedDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories that others write: a session of its own that reads and watches, and neither writes nor registers anything.
 *
 * <p>Guarantee: paths are absolute in the ensemble, outside of any namespace. On failure: an outage of any length leaves the last listing
 * as it was and ends by itself, in a new session if need be. Thread-safe.
 */
public final class ForeignEnsemble implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final long RETRY_MS = 1_000;
    private static final long LOOK_AGAIN_MS = 5_000;
    private static final long CLOSE_MS = 5_000;

    private final ZkOptions options;
    private final EventLoop loop = new EventLoop("oozie-ha-foreign-ensemble");
    private final Closer closer = new Closer();
    private final Map<String, ZkDirectory> directories = new HashMap<>();
    private final Connector connector;
    private ZkHandle handle;
    private String loginProblem = "";
    private boolean connected;
    private boolean closed;

    private ForeignEnsemble(ZkOptions options) {
        this.options = options;
        this.connector = new Connector(options, System::currentTimeMillis);
    }

    /**
     * Returns at once; the connection is made in the background, without login and encryption.
     *
     * @param connectionString {@code host:port,…[/chroot]}
     */
    public static ForeignEnsemble open(String connectionString, int sessionTimeoutMs) {
        return open(new ZkOptions(connectionString, "", sessionTimeoutMs, 0, 0));
    }

    /** The same, with the login and the encryption of these options. */
    public static ForeignEnsemble open(ZkOptions options) {
        ForeignEnsemble ensemble = new ForeignEnsemble(options);
        ensemble.loop.execute(ensemble::connect);
        ensemble.loop.schedule(ensemble::lookAgain, LOOK_AGAIN_MS);
        return ensemble;
    }

    /** The same path gives the same directory. */
    public WatchedDirectory directory(String path) {
        synchronized (directories) {
            return directories.computeIfAbsent(path, p -> {
                ZkDirectory directory = ZkDirectory.ofOthers(p);
                loop.execute(() -> {
                    if (connected) {
                        directory.attach(handle);
                    }
                });
                return directory;
            });
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        try {
            handle = ZkHandle.open(connector, loop, new Reports());
        } catch (IOException
                | RuntimeException
                | Error e) { // an Error too, of classes for TLS: it must not end the attempts
            LOG.warn(
                    "An ensemble cannot be reached with this address: {} reason={}",
                    options.connectionString(),
                    e.getMessage());
            loop.schedule(this::connect, RETRY_MS);
        }
    }

    private void lookAgain() {
        if (!closed) {
            all().forEach(ZkDirectory::refreshIfIncomplete);
            loop.schedule(this::lookAgain, LOOK_AGAIN_MS);
        }
    }

    private Iterable<ZkDirectory> all() {
        synchronized (directories) {
            return new ArrayList<>(directories.values());
        }
    }

    /** Waits a bounded time for the end of the session; idempotent. */
    @Override
    public void close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean running = loop.execute(() -> {
            closed = true;
            connected = false;
            all().forEach(ZkDirectory::detach);
            if (handle == null) {
                done.complete(null);
            } else {
                closer.close(handle).thenRun(() -> done.complete(null));
            }
        });
        try {
            if (running) {
                done.get(CLOSE_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.info("A session ends by its timeout: ensemble={}", options.connectionString());
        } finally {
            loop.close();
            connector.close();
        }
    }

    /** All on the loop. */
    private final class Reports implements ZkHandle.Events {
        @Override
        public void connected(ZkHandle reporter) {
            if (!closed && reporter == handle) {
                connected = true;
                loginProblem = "";
                all().forEach(directory -> directory.attach(reporter));
            }
        }

        @Override
        public void disconnected(ZkHandle reporter) {
            if (reporter == handle && connected) {
                connected = false;
                all().forEach(ZkDirectory::detach);
            }
        }

        @Override
        public void expired(ZkHandle reporter) {
            if (!closed && reporter == handle) {
                disconnected(reporter);
                closer.close(reporter);
                connect();
            }
        }

        @Override
        public void loginFailed(ZkHandle reporter, LoginProblem reason) {
            if (!loginProblem.equals(reason.getMessage())) {
                loginProblem = reason.getMessage();
                LOG.warn(
                        "No login, it is tried again: ensemble={} reason={}", options.connectionString(), loginProblem);
            }
        }

        @Override
        public void changed(ZkHandle reporter, String path) {
            if (reporter == handle) {
                all().forEach(directory -> directory.changed(path));
            }
        }
    }
}
