package org.oozieha.it.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The links of one server: to each ZooKeeper server, to the database, and the one its peers reach it by. */
public final class ServerLinks implements AutoCloseable {
    private final List<LinkProxy> zooKeeper = new ArrayList<>();
    private final LinkProxy database;
    private final LinkProxy peers;

    ServerLinks(ZooKeeperEnsemble ensemble, int databasePort, int serverPort) {
        for (ZooKeeperProcess server : ensemble.servers()) {
            zooKeeper.add(LinkProxy.to(server.clientPort()));
        }
        database = LinkProxy.to(databasePort);
        peers = LinkProxy.to(serverPort);
    }

    /** One link per ZooKeeper server. */
    public List<LinkProxy> toZooKeeper() {
        return zooKeeper;
    }

    public LinkProxy toDatabase() {
        return database;
    }

    /** The link by which the pack's peers reach this server; stock peers use the server's own port. */
    public LinkProxy fromPeers() {
        return peers;
    }

    String connectionString() {
        return zooKeeper.stream().map(link -> "127.0.0.1:" + link.port()).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        zooKeeper.forEach(LinkProxy::close);
        database.close();
        peers.close();
    }
}
