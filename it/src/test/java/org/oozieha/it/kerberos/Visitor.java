package org.oozieha.it.kerberos;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.oozieha.it.harness.Waiting;

/** A session of ZooKeeper's own client, of a principal or of nobody, which tries what is allowed. */
final class Visitor implements AutoCloseable {
    private static final int SESSION_MILLIS = 20_000;
    /** ZooKeeper's client renews at most once a minute: with shorter tickets its thread spins, and closing waits for it. */
    private static final Duration TICKET = Duration.ofHours(1);

    private final String name;
    private final ZooKeeper client;

    private Visitor(String name, ZooKeeper client) {
        this.name = name;
        this.client = client;
    }

    static Visitor anonymous(String address) throws Exception {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        return new Visitor("anonymous", connected(address, config, KeeperState.SyncConnected));
    }

    /** Logged in; other tickets given out meanwhile live as long as its own. */
    static Visitor of(String principal, Realm realm, Duration ticketOfOthers, String address) throws Exception {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ZOOKEEPER_SERVER_PRINCIPAL, Realm.ZOOKEEPER_PRINCIPAL);
        realm.ticketLife(TICKET);
        // asked again by each new connection
        Configuration.setConfiguration(realm.jaas(principal));
        try {
            return new Visitor(principal, connected(address, config, KeeperState.SaslAuthenticated));
        } finally {
            realm.ticketLife(ticketOfOthers);
        }
    }

    private static ZooKeeper connected(String address, ZKClientConfig config, KeeperState wanted) throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(
                address,
                SESSION_MILLIS,
                event -> {
                    if (event.getState() == wanted) {
                        there.countDown();
                    }
                },
                config);
        if (!there.await(Waiting.scaled(Duration.ofSeconds(20)).toMillis(), TimeUnit.MILLISECONDS)) {
            client.close();
            throw new IllegalStateException("never " + wanted + " at " + address);
        }
        Waiting.until(address + " answers", Duration.ofSeconds(20), () -> client.exists("/", false) != null);
        return client;
    }

    String name() {
        return name;
    }

    /** What became of reading, listing, writing, creating below, giving away, deleting; a refusal changes nothing. */
    String attempts(String path) throws InterruptedException {
        return outcome("read", () -> client.getData(path, false, null))
                + outcome("list", () -> client.getChildren(path, false))
                + outcome("write", () -> client.setData(path, new byte[0], -1))
                + outcome(
                        "create",
                        () -> client.create(
                                path + "/stranger", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                + outcome("acl", () -> client.setACL(path, ZooDefs.Ids.OPEN_ACL_UNSAFE, -1))
                + outcome("delete", () -> client.delete(path, -1));
    }

    private static String outcome(String what, Attempt attempt) throws InterruptedException {
        try {
            try {
                attempt.make();
            } catch (KeeperException.ConnectionLossException again) {
                attempt.make();
            }
            return what + "=ALLOWED ";
        } catch (KeeperException.NoAuthException refused) {
            return what + "=refused ";
        } catch (KeeperException other) {
            return what + '=' + other.code() + ' ';
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Configuration.setConfiguration(null);
        }
    }

    private interface Attempt {
        void make() throws KeeperException, InterruptedException;
    }
}
