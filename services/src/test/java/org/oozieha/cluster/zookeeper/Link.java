package org.oozieha.cluster.zookeeper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** A TCP link that can be black-holed: connections stay open, nothing comes through, new ones get no answer. */
public final class Link implements AutoCloseable {
    private final ServerSocket entry;
    private final IntSupplier target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private boolean cut;
    private int waiting;
    private int generation;
    private volatile boolean closed;
    private String lostRequest;
    private Runnable meanwhile;

    public Link(IntSupplier targetPort) throws IOException {
        this(0, targetPort);
    }

    /** With an entry port of the caller's choice; 0 for any. */
    public Link(int entryPort, IntSupplier targetPort) throws IOException {
        this("127.0.0.1", entryPort, targetPort);
    }

    /** With an entry at another loopback address. */
    Link(String entryAddress, int entryPort, IntSupplier targetPort) throws IOException {
        target = targetPort;
        entry = new ServerSocket(entryPort, 50, InetAddress.getByName(entryAddress));
        daemon(this::acceptAll);
    }

    public String address() {
        return entry.getInetAddress().getHostAddress() + ':' + entry.getLocalPort();
    }

    public void cut() {
        synchronized (gate) {
            cut = true;
        }
    }

    public void heal() {
        synchronized (gate) {
            cut = false;
            gate.notifyAll();
        }
    }

    /** Connections begun while the link was cut stay silent for ever, as when their packets were dropped; new ones work. */
    void healLosingNewConnections() {
        synchronized (gate) {
            generation++;
            heal();
        }
    }

    /** Connections that wait for an answer because the link is cut. */
    int waitingConnections() {
        synchronized (gate) {
            return waiting;
        }
    }

    /** Lets the next request with that text through, but no answer; breaks all connections after {@code action}. */
    void loseAnswerTo(String request, Runnable action) {
        synchronized (gate) {
            lostRequest = request;
            meanwhile = action;
        }
    }

    /** Breaks all connections; new ones work. */
    public void reset() {
        sockets.forEach(Link::shut);
    }

    @Override
    public void close() {
        closed = true;
        try {
            entry.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        heal();
        reset();
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket client = entry.accept();
                sockets.add(client);
                daemon(() -> connect(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        int begun;
        synchronized (gate) {
            begun = generation;
            waiting++;
        }
        pass();
        synchronized (gate) {
            waiting--;
            if (begun != generation) {
                return;
            }
        }
        Socket server = new Socket();
        sockets.add(server);
        try {
            server.connect(new InetSocketAddress("127.0.0.1", target.getAsInt()), 2_000);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            daemon(() -> pump(client, server, true));
            pump(server, client, false);
        } catch (IOException refused) {
            shut(client);
            shut(server);
        }
    }

    private void pump(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[16_384];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                pass();
                boolean lost = requests && isLost(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                out.write(buffer, 0, read);
                if (lost) {
                    meanwhile.run();
                    reset();
                    heal();
                }
            }
        } catch (IOException broken) {
            // the other end is told by closing
        } finally {
            sockets.remove(from);
            pass();
            shut(from);
            shut(to);
        }
    }

    private boolean isLost(String request) {
        synchronized (gate) {
            if (lostRequest == null || !request.contains(lostRequest)) {
                return false;
            }
            lostRequest = null;
            cut = true;
            return true;
        }
    }

    private void pass() {
        synchronized (gate) {
            while (cut && !closed) {
                try {
                    gate.wait(1_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone anyway
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "link");
        thread.setDaemon(true);
        thread.start();
    }
}
