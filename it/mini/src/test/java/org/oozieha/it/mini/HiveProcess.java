package org.oozieha.it.mini;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.oozieha.testing.FreePorts;

/** A metastore or a broker in a JVM of its own, on a port that it keeps over restarts. */
final class HiveProcess {
    private static final String PACKAGE = "org.oozieha.it.hive.";
    private static final long START_SECONDS = 60L * Integer.getInteger("it.timing.scale", 1);

    private final String main;
    private final int port;
    private final int orders;
    private final Path dir;
    private final List<String> arguments = new ArrayList<>();
    private Process process;

    private HiveProcess(String main, int port, int orders) throws IOException {
        this.main = main;
        this.port = port;
        this.orders = orders;
        this.dir = Files.createTempDirectory("hive");
    }

    static HiveProcess broker() throws IOException {
        HiveProcess broker = new HiveProcess("MessageBroker", FreePorts.one(), 0);
        broker.arguments.add(broker.brokerUrl());
        return broker;
    }

    static HiveProcess metastore(HiveProcess... announcedTo) throws IOException {
        HiveProcess metastore = new HiveProcess("Metastore", FreePorts.one(), FreePorts.one());
        metastore.arguments.addAll(Arrays.asList(
                Integer.toString(metastore.port), Integer.toString(metastore.orders), metastore.dir.toString()));
        for (HiveProcess broker : announcedTo) {
            metastore.arguments.add(broker.brokerUrl());
        }
        return metastore;
    }

    String brokerUrl() {
        return "tcp://127.0.0.1:" + port;
    }

    String endpoint() {
        return "127.0.0.1:" + port;
    }

    /** Starts it again, or for the first time; {@link #awaitReady} tells when it answers. */
    HiveProcess launch() throws IOException {
        String target = System.getProperty("mini.hive");
        List<String> command = new ArrayList<>(Arrays.asList(
                Paths.get(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + dir,
                "-Dderby.stream.error.file=" + dir.resolve("derby.log"),
                "-cp",
                target + "/classes" + File.pathSeparator + target + "/lib/*",
                PACKAGE + main));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("out.txt").toFile())
                .start();
        Process started = process;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        return this;
    }

    /** Returns when it answers; if it does not, its process is ended. */
    HiveProcess awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        boolean ready = false;
        try {
            while (!answers()) {
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IOException(main + " is not up, see " + dir);
                }
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
            }
            ready = true;
            return this;
        } finally {
            if (!ready) {
                kill();
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    void launchIfDead() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            launch().awaitReady();
        }
    }

    /** It answers nobody until {@link #thaw}; its connections stay. */
    void freeze() throws IOException, InterruptedException {
        Signals.freeze(process);
    }

    void thaw() throws IOException, InterruptedException {
        Signals.thaw(process);
    }

    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    void createTable(String table) throws IOException {
        order("/create/" + table);
    }

    void addPartition(String table, String date) throws IOException {
        order("/add/" + table + "/" + date);
    }

    private void order(String path) throws IOException {
        HttpURLConnection http = (HttpURLConnection) new URL("http://127.0.0.1:" + orders + path).openConnection();
        http.setConnectTimeout(5_000);
        http.setReadTimeout(60_000);
        if (http.getResponseCode() != 200) {
            try (BufferedReader answer =
                    new BufferedReader(new InputStreamReader(http.getErrorStream(), StandardCharsets.UTF_8))) {
                throw new IOException(path + ": " + answer.readLine());
            }
        }
    }
}
