package org.oozieha.http;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server on loopback that does byte by byte what its script says. */
public final class ScriptedPeer implements Closeable {
    /** Answers one request; returns false to close the connection. */
    public interface Script {
        boolean answer(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    /** The head of a request. */
    public static final class Request {
        private final String line;
        private final List<String> headers;

        Request(String line, List<String> headers) {
            this.line = line;
            this.headers = headers;
        }

        public String method() {
            return line.substring(0, line.indexOf(' '));
        }

        /** Path and query. */
        public String target() {
            return line.split(" ")[1];
        }

        public boolean isHealthProbe() {
            return target().endsWith("/ha/health");
        }

        public String cookie() {
            return header("Cookie");
        }

        /** Empty if there is none. */
        public String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            for (String header : headers) {
                if (header.toLowerCase(Locale.ROOT).startsWith(start)) {
                    return header.substring(start.length()).trim();
                }
            }
            return "";
        }
    }

    private final ServerSocket socket;
    private final Script script;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    public ScriptedPeer(Script script) throws IOException {
        this.script = script;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Answers every request with this body. */
    public static ScriptedPeer serving(String body) throws IOException {
        return new ScriptedPeer((request, out) -> {
            if (request.method().equals("OPTIONS")) {
                ok(out, "");
            } else {
                ok(out, body);
            }
            return true;
        });
    }

    /** Accepts connections and never says a word. */
    public static ScriptedPeer hung() throws IOException {
        return new ScriptedPeer((request, out) -> {
            new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            return false;
        });
    }

    public String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/oozie";
    }

    public List<Request> requests() {
        return requests;
    }

    public int connections() {
        return connections.get();
    }

    /** Waits until the peer is closed, at most a minute: so a script hangs. */
    public void hang() throws InterruptedException {
        closed.await(60, TimeUnit.SECONDS);
    }

    public static void ok(OutputStream out, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        head(out, "200 OK", "Content-Length: " + bytes.length);
        out.write(bytes);
        out.flush();
    }

    /** Status line and headers. */
    public static void head(OutputStream out, String status, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** One chunk of a body with {@code Transfer-Encoding: chunked}; the empty one ends it. */
    public static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                open.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            boolean goOn = true;
            while (goOn) {
                String line = in.readLine();
                if (line == null) {
                    return;
                }
                List<String> headers = new ArrayList<>();
                for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                    headers.add(header);
                }
                Request request = new Request(line, headers);
                requests.add(request);
                goOn = script.answer(request, connection.getOutputStream());
            }
        } catch (IOException | InterruptedException e) {
            // the client has gone, or the test is over
        } finally {
            close(connection);
        }
    }

    private static void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // it was closed already
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-peer");
        thread.setDaemon(true);
        thread.start();
    }
}
