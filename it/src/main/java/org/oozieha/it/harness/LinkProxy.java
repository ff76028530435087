package org.oozieha.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP link that can be cut, delayed, black-holed and healed. One direction or several connections make no difference:
 * what is done is done to the whole link. Thread-safe.
 *
 * <p>A black hole accepts connections and swallows bytes from both sides, as a firewall that drops packets does; bytes
 * swallowed are never delivered, so its connections are closed when the link heals.
 */
public final class LinkProxy implements AutoCloseable {
    private enum State {
        OPEN,
        CUT,
        BLACK_HOLE
    }

    private final ServerSocket listener;
    private volatile int targetPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> damaged = ConcurrentHashMap.newKeySet();
    private volatile State state = State.OPEN;
    private volatile Duration delay = Duration.ZERO;
    private volatile Fatal fatal;

    private LinkProxy(ServerSocket listener, int targetPort) {
        this.listener = listener;
        this.targetPort = targetPort;
    }

    /** A link to a port on loopback. */
    public static LinkProxy to(int targetPort) {
        try {
            LinkProxy proxy = new LinkProxy(new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1")), targetPort);
            daemon("link-" + targetPort, proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("no proxy to port " + targetPort, e);
        }
    }

    /** The port to use instead of the target's. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Leads each new connection to another port from now on. */
    public void leadTo(int port) {
        targetPort = port;
    }

    /** Closes all connections and each new one at once. */
    public void cut() {
        state = State.CUT;
        sockets.forEach(LinkProxy::closeQuietly);
    }

    /** Keeps all connections, delivers nothing. */
    public void blackHole() {
        state = State.BLACK_HOLE;
    }

    /**
     * Becomes a black hole at the moment a client sends {@code last}, which is not delivered, on a connection on which it has sent
     * {@code first} since the last {@code last}: the client's host is gone in the middle of a conversation.
     */
    public void blackHoleBetween(String first, String last) {
        fatal = new Fatal(first, last);
    }

    public boolean isBlackHole() {
        return state == State.BLACK_HOLE;
    }

    /** Delivers each chunk later by that much. */
    public void delay(Duration by) {
        delay = by;
    }

    public void heal() {
        state = State.OPEN;
        delay = Duration.ZERO;
        damaged.forEach(LinkProxy::closeQuietly);
        damaged.clear();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (state == State.CUT) {
                    closeQuietly(client);
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // The listener was closed, which the loop sees, or the client was gone before it was served.
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        Socket target = new Socket();
        try {
            if (state == State.BLACK_HOLE) {
                damaged.add(client);
                return;
            }
            target.connect(new InetSocketAddress("127.0.0.1", targetPort), 5000);
            target.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            sockets.add(target);
            daemon("link-" + targetPort + "-up", () -> pump(client, target, true));
            daemon("link-" + targetPort + "-down", () -> pump(target, client, false));
        } catch (IOException e) {
            closeQuietly(client);
            closeQuietly(target);
        }
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
        byte[] buffer = new byte[16384];
        boolean between = false;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (!delay.isZero()) {
                    LockSupport.parkNanos(delay.toNanos());
                }
                if (fromClient) {
                    between = between(between, buffer, n);
                }
                if (state == State.BLACK_HOLE) {
                    damaged.add(from);
                    damaged.add(to);
                } else {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // One side is gone; the other is told by closing it.
        } finally {
            if (state == State.BLACK_HOLE) {
                damaged.add(to);
            } else {
                closeQuietly(to);
            }
            closeQuietly(from);
            sockets.remove(from);
        }
    }

    /** Whether the first word has been sent on this connection and the last one has not. */
    private boolean between(boolean before, byte[] buffer, int length) {
        Fatal words = fatal;
        if (words == null) {
            return false;
        }
        String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        if (!text.contains(words.last)) {
            return before || text.contains(words.first);
        }
        if (before) {
            fatal = null;
            blackHole();
        }
        return false;
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed or was never open: both are what was wanted.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private static final class Fatal {
        private final String first;
        private final String last;

        private Fatal(String first, String last) {
            this.first = first;
            this.last = last;
        }
    }
}
