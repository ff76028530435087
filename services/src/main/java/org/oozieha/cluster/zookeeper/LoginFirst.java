package org.oozieha.cluster.zookeeper;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/**
 * Stands in front of a client's watcher: it hears of a connection once this server has logged in over it.
 *
 * <p>While it cannot log in, ZooKeeper's client keeps the session alive all the same, and the login is tried again, so a KDC that is
 * away ends no session. A server of ZooKeeper that this login will never do for is left for another one; the problem is reported as
 * lasting once all of them have been asked. Thread-safe.
 */
final class LoginFirst implements Watcher {
    private static final long FIRST_RETRY_MS = 250;
    private static final long LONGEST_RETRY_MS = 4_000;

    private final Watcher watcher;
    private final KerberosLogin login;
    private final Consumer<LoginProblem> problems;
    private final Set<InetSocketAddress> refusing = new HashSet<>();
    private ZkClient client;
    private int servers;
    private WatchedEvent connection;
    private Future<?> attempt;

    LoginFirst(Watcher watcher, KerberosLogin login, Consumer<LoginProblem> problems) {
        this.watcher = watcher;
        this.login = login;
        this.problems = problems;
    }

    /**
     * The client whose watcher this is; it may have connected already.
     *
     * @param addresses how many servers it knows
     */
    synchronized void attach(ZkClient made, int addresses) {
        client = made;
        servers = addresses;
        tryIn(0, FIRST_RETRY_MS);
    }

    @Override
    public synchronized void process(WatchedEvent event) {
        if (event.getType() != Event.EventType.None) {
            watcher.process(event);
            return;
        }
        EventLoop.cancel(attempt);
        if (event.getState() == Event.KeeperState.SyncConnected) {
            connection = event;
            tryIn(0, FIRST_RETRY_MS);
        } else {
            connection = null;
            watcher.process(event);
        }
    }

    private void tryIn(long delayMs, long retryMs) {
        WatchedEvent over = connection;
        if (client != null && over != null) {
            attempt = login.schedule(() -> logIn(over, retryMs), delayMs);
        }
    }

    private void logIn(WatchedEvent over, long retryMs) {
        synchronized (this) {
            if (connection != over) {
                return;
            }
        }
        InetSocketAddress server = client.server();
        try {
            if (server != null && new SaslExchange(client, login).run()) {
                done(over);
            }
        } catch (LoginProblem problem) {
            if (servers > 1 && problem.isOfTheServer() && !problem.isPassing()) {
                refused(server, over, problem);
                return;
            }
            problems.accept(problem);
            if (problem.isConnectionSpoiled()) {
                drop(over);
            } else {
                again(over, retryMs);
            }
        }
    }

    private void refused(InetSocketAddress server, WatchedEvent over, LoginProblem problem) {
        refusing.add(server);
        boolean byAll = refusing.size() >= servers;
        problems.accept(byAll ? problem : problem.whileAnotherIsTried());
        synchronized (this) {
            if (connection == over) {
                attempt = login.schedule(() -> drop(over), byAll ? LONGEST_RETRY_MS : 0);
            }
        }
    }

    private synchronized void drop(WatchedEvent over) {
        if (connection == over) {
            client.dropConnection();
        }
    }

    private synchronized void done(WatchedEvent over) {
        if (connection == over) {
            refusing.clear();
            watcher.process(over);
        }
    }

    private synchronized void again(WatchedEvent over, long retryMs) {
        if (connection == over) {
            tryIn(retryMs, Math.min(2 * retryMs, LONGEST_RETRY_MS));
        }
    }
}
