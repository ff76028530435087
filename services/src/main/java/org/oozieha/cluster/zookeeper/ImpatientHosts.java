package org.oozieha.cluster.zookeeper;

import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.StaticHostProvider;

/**
 * The ensemble's addresses, with a bound on how long one connection attempt may hang.
 *
 * <p>The client waits session timeout / size for each attempt: with one address that swallows packets, a whole session timeout after
 * it was healed. Here an attempt ends after a sixth of the session timeout, but not before a second.
 */
final class ImpatientHosts implements HostProvider {
    private static final int ATTEMPTS_PER_SESSION = 6;
    private static final int SHORTEST_ATTEMPT_MS = 1_000;

    private final StaticHostProvider hosts;
    private final int attempts;

    ImpatientHosts(String connectionString, int sessionTimeoutMs) {
        hosts = new StaticHostProvider(new ConnectStringParser(connectionString).getServerAddresses());
        attempts = Math.max(1, Math.min(ATTEMPTS_PER_SESSION, sessionTimeoutMs / SHORTEST_ATTEMPT_MS));
    }

    /** How many servers there are; {@link #size} says something else to keep the client's attempts short. */
    int addresses() {
        return hosts.size();
    }

    @Override
    public int size() {
        return Math.max(hosts.size(), attempts);
    }

    @Override
    public InetSocketAddress next(long spinDelay) {
        return hosts.next(spinDelay);
    }

    @Override
    public void onConnected() {
        hosts.onConnected();
    }

    @Override
    public boolean updateServerList(Collection<InetSocketAddress> addresses, InetSocketAddress current) {
        return hosts.updateServerList(addresses, current);
    }
}
