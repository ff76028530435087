package org.oozieha.cluster.zookeeper;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.ZooDefs;

/** Gives sessions and answers pings as ZooKeeper does, and nothing else. */
final class MuteZooKeeper implements AutoCloseable {
    private static final int PING_XID = -2;

    private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    MuteZooKeeper() throws IOException {
        daemon(this::accept);
    }

    String address() {
        return "127.0.0.1:" + entry.getLocalPort();
    }

    /** How often a client has come. */
    int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = entry.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                daemon(() -> serve(socket));
            }
        } catch (IOException closed) {
            // as it is to be
        }
    }

    private static void serve(Socket socket) {
        try (DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            DataInputStream wanted = frame(in);
            wanted.skipBytes(Integer.BYTES + Long.BYTES);
            int timeoutMs = wanted.readInt();
            byte[] password = new byte[16];
            out.writeInt(3 * Integer.BYTES + Long.BYTES + password.length + 1);
            out.writeInt(0);
            out.writeInt(timeoutMs);
            out.writeLong(1);
            out.writeInt(password.length);
            out.write(password);
            out.writeBoolean(false);
            while (true) {
                DataInputStream request = frame(in);
                request.readInt();
                if (request.readInt() == ZooDefs.OpCode.ping) {
                    out.writeInt(2 * Integer.BYTES + Long.BYTES);
                    out.writeInt(PING_XID);
                    out.writeLong(0);
                    out.writeInt(0);
                }
            }
        } catch (IOException gone) {
            // so is the client
        }
    }

    private static DataInputStream frame(DataInputStream in) throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return new DataInputStream(new ByteArrayInputStream(frame));
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "mute-zookeeper");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        entry.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
