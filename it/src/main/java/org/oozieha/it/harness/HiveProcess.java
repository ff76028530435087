package org.oozieha.it.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.oozieha.testing.FreePorts;

/**
 * A Hive metastore, or the ActiveMQ broker to which it announces partitions, in a JVM of its own; its port survives {@link #kill()}, a
 * metastore's tables too.
 */
public final class HiveProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final String main;
    private final Workspace workspace;
    private final int port;
    private final int orders;
    private final List<String> arguments;
    private ChildProcess process;

    private HiveProcess(String main, Workspace workspace, int port, int orders, List<String> arguments) {
        this.main = main;
        this.workspace = workspace;
        this.port = port;
        this.orders = orders;
        this.arguments = arguments;
    }

    /** Starts a broker; returns when it answers. */
    public static HiveProcess broker(Workspace workspace) {
        int port = FreePorts.one();
        return new HiveProcess(
                        "MessageBroker", workspace, port, 0, Collections.singletonList("tcp://127.0.0.1:" + port))
                .start();
    }

    /** Starts a metastore; returns when it answers. */
    public static HiveProcess metastore(Workspace workspace, HiveProcess announcedTo) {
        List<Integer> ports = FreePorts.some(2);
        Path dir = workspace.dir("metastore-" + ports.get(0));
        return new HiveProcess(
                        "Metastore",
                        workspace,
                        ports.get(0),
                        ports.get(1),
                        Arrays.asList(
                                ports.get(0).toString(),
                                ports.get(1).toString(),
                                dir.toString(),
                                "tcp://" + announcedTo.endpoint()))
                .start();
    }

    /** Starts it again, or for the first time; returns when it answers. If it does not, its process is ended. */
    public HiveProcess start() {
        Path dir = workspace.dir("hive-" + port);
        List<String> command = new ArrayList<>(Arrays.asList(
                ChildProcess.java(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Directories.create(dir.resolve("tmp")),
                "-cp",
                workspace.hiveClassPath(),
                "org.oozieha.it.hive." + main));
        command.addAll(arguments);
        process = ChildProcess.start(main, dir, command);
        boolean ready = false;
        try {
            Waiting.until(main + " answers", START, this::answers);
            ready = true;
            return this;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    private boolean answers() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        }
    }

    /** {@code host:port} */
    public String endpoint() {
        return "127.0.0.1:" + port;
    }

    /** A new table of the database {@code default} with the partition key {@code dt}. */
    public void createTable(String table) {
        order("/create/" + table);
    }

    public void addPartition(String table, String dt) {
        order("/add/" + table + "/" + dt);
    }

    private void order(String path) {
        String answer = Http.get("http://127.0.0.1:" + orders + path, Duration.ofSeconds(60));
        if (!answer.equals("done")) {
            throw new IllegalStateException(path + ": " + answer);
        }
    }

    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.kill();
        }
    }
}
