package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.proto.GetSASLRequest;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SetSASLResponse;

/** ZooKeeper's client, with the one request that its own API does not have: a step of a SASL exchange. */
@SuppressWarnings("try") // ZooKeeper.close may be interrupted
final class ZkClient extends ZooKeeper {
    ZkClient(String connectionString, int sessionTimeoutMs, Watcher watcher, HostProvider hosts, ZKClientConfig config)
            throws IOException {
        super(connectionString, sessionTimeoutMs, watcher, false, hosts, config);
    }

    /** Goes on with the session of another client. */
    ZkClient(
            String connectionString,
            int sessionTimeoutMs,
            Watcher watcher,
            ZooKeeper before,
            HostProvider hosts,
            ZKClientConfig config)
            throws IOException {
        super(
                connectionString,
                sessionTimeoutMs,
                watcher,
                before.getSessionId(),
                before.getSessionPasswd(),
                false,
                hosts,
                config);
    }

    /**
     * Sends a SASL token and waits for the answer, at most until the client gives the connection up, or for its request timeout. No other
     * request may be under way, since the server answers this one out of turn.
     *
     * @return the server's token; empty if it sent none
     */
    byte[] sasl(byte[] token) throws KeeperException, InterruptedException {
        RequestHeader header = new RequestHeader();
        header.setType(ZooDefs.OpCode.sasl);
        GetSASLRequest request = new GetSASLRequest();
        request.setToken(token);
        SetSASLResponse response = new SetSASLResponse();
        ReplyHeader reply = cnxn.submitRequest(header, request, response, null);
        if (reply.getErr() != KeeperException.Code.OK.intValue()) {
            KeeperException.Code code = KeeperException.Code.get(reply.getErr());
            throw KeeperException.create(code == null ? KeeperException.Code.SYSTEMERROR : code);
        }
        return response.getToken() == null ? new byte[0] : response.getToken();
    }

    /** The server this client is connected to; null if it is not. */
    InetSocketAddress server() {
        SocketAddress address = testableRemoteSocketAddress();
        return address instanceof InetSocketAddress ? (InetSocketAddress) address : null;
    }

    /** Closes the connection, not the session: the client connects again. */
    void dropConnection() {
        try {
            getTestable().closeSocket();
        } catch (IOException gone) {
            // no connection is what was wanted
        }
    }
}
