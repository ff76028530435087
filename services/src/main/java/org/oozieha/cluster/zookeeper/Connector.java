package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.client.HostProvider;

/** Makes clients that encrypt and log in as the options say. Thread-safe. */
final class Connector implements AutoCloseable {
    private final ZkOptions options;
    private final KerberosLogin login;

    /** @param wallMs the wall clock, milliseconds since the epoch */
    Connector(ZkOptions options, LongSupplier wallMs) {
        this.options = options;
        this.login = options.security().login(wallMs).orElse(null);
    }

    ZkOptions options() {
        return options;
    }

    /**
     * @param watcher hears of a connection once this server is logged in over it
     * @param problems told each time a login failed, on any thread
     * @param before a client whose session is gone on with, or null
     */
    ZkClient connect(Watcher watcher, Consumer<LoginProblem> problems, ZkClient before) throws IOException {
        LoginFirst first = login == null ? null : new LoginFirst(watcher, login, problems);
        ImpatientHosts hosts = new ImpatientHosts(options.connectionString(), options.sessionTimeoutMs());
        ZkClient client = open(first == null ? watcher : first, before, hosts);
        if (first != null) {
            first.attach(client, hosts.addresses());
        }
        options.security().digest().ifPresent(user -> client.addAuthInfo("digest", user.getBytes(UTF_8)));
        return client;
    }

    private ZkClient open(Watcher watcher, ZkClient before, HostProvider hosts) throws IOException {
        String address = options.connectionString();
        int timeoutMs = options.sessionTimeoutMs();
        return before == null
                ? new ZkClient(
                        address, timeoutMs, watcher, hosts, options.security().clientConfig(timeoutMs))
                : new ZkClient(
                        address,
                        timeoutMs,
                        watcher,
                        before,
                        hosts,
                        options.security().clientConfig(timeoutMs));
    }

    /** Ends the login; the clients are their users' to close. */
    @Override
    public void close() {
        if (login != null) {
            login.close();
        }
    }
}
