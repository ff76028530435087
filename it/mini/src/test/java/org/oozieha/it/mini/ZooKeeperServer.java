package org.oozieha.it.mini;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.oozieha.testing.FreePorts;

/** A ZooKeeper server of the current line in a JVM of its own. */
final class ZooKeeperServer {
    private static final long START_SECONDS = 30L * Integer.getInteger("it.timing.scale", 1);

    private final int port;
    private Process process;

    private ZooKeeperServer(int port) {
        this.port = port;
    }

    /** Answers when it is ready to take sessions. */
    static ZooKeeperServer start() throws IOException, InterruptedException {
        ZooKeeperServer server = new ZooKeeperServer(FreePorts.one());
        server.launch();
        return server;
    }

    void delete(String path) throws IOException, InterruptedException, KeeperException {
        ZooKeeper client = new ZooKeeper(connectionString(), 10_000, event -> {});
        try {
            client.delete(path, -1);
        } finally {
            client.close();
        }
    }

    /** Nobody is answered until {@link #thaw}; connections stay. */
    void freeze() throws IOException, InterruptedException {
        Signals.freeze(process);
    }

    void thaw() throws IOException, InterruptedException {
        Signals.thaw(process);
    }

    private void launch() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("zookeeper");
        Path config = home.resolve("zoo.cfg");
        Files.write(
                config,
                Arrays.asList(
                        "dataDir=" + home.resolve("data"),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1",
                        "tickTime=2000",
                        "maxClientCnxns=0",
                        "admin.enableServer=false",
                        "4lw.commands.whitelist=*"),
                StandardCharsets.UTF_8);
        process = new ProcessBuilder(
                        Paths.get(System.getProperty("java.home"), "bin", "java")
                                .toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("mini.zookeeper") + File.separator + "*",
                        "org.apache.zookeeper.server.ZooKeeperServerMain",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out.txt").toFile())
                .start();
        Process started = process;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!answers()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                stop();
                throw new IOException("ZooKeeper is not up after " + START_SECONDS + " s, see " + home);
            }
            new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
        }
    }

    String connectionString() {
        return "127.0.0.1:" + port;
    }

    /** How many ephemeral nodes there are: what sessions have left behind, or still hold. */
    int ephemerals() throws IOException {
        return figure("zk_ephemerals_count");
    }

    /** How many nodes there are in all. */
    int nodes() throws IOException {
        return figure("zk_znode_count");
    }

    private int figure(String name) throws IOException {
        for (String line : ask("mntr").split("\n")) {
            if (line.startsWith(name)) {
                return Integer.parseInt(line.replaceAll("\\D+", ""));
            }
        }
        throw new IOException("no " + name + " in the answer to mntr");
    }

    /** Number of the last transaction: each write is one, also one that failed. */
    long zxid() throws IOException {
        for (String line : ask("srvr").split("\n")) {
            if (line.startsWith("Zxid: 0x")) {
                return Long.parseLong(line.substring("Zxid: 0x".length()).trim(), 16);
            }
        }
        throw new IOException("no Zxid in the answer to srvr");
    }

    private boolean answers() {
        try {
            return ask("ruok").equals("imok");
        } catch (IOException notYet) {
            return false;
        }
    }

    private String ask(String word) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(5_000);
            out.write(word.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[4096];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                answer.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
            }
            return answer.toString();
        }
    }

    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
