package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.oozieha.testing.Eventually;
import org.oozieha.testing.FreePorts;

/** A ZooKeeper server in a process of its own: it can be stopped, paused and killed like one. */
final class ZooKeeperProcess implements AutoCloseable {
    private final Path dir;
    private final String classPath;
    private final int clientPort;
    private final Path config;
    private final List<String> jvmOptions = new ArrayList<>();
    private Process process;
    private String pid;

    private ZooKeeperProcess(Path dir, String classPath, int clientPort, List<String> lines) throws IOException {
        this.dir = dir;
        this.classPath = classPath;
        this.clientPort = clientPort;
        this.config = dir.resolve("zoo.cfg");
        Files.write(config, lines, UTF_8);
    }

    /** A stand-alone server of the version on that class path. */
    static ZooKeeperProcess single(String classPath, int tickMs) throws IOException {
        Path dir = Files.createTempDirectory("zookeeper-process");
        int port = FreePorts.one();
        return new ZooKeeperProcess(dir, classPath, port, common(dir, port, tickMs));
    }

    /** A stand-alone server of the version under test, with more lines in zoo.cfg and more options for its JVM. */
    static ZooKeeperProcess single(int tickMs, List<String> lines, List<String> jvmOptions) throws IOException {
        Path dir = Files.createTempDirectory("zookeeper-process");
        int port = FreePorts.one();
        List<String> all = common(dir, port, tickMs);
        all.addAll(lines);
        ZooKeeperProcess made = new ZooKeeperProcess(dir, System.getProperty("java.class.path"), port, all);
        made.jvmOptions.addAll(jvmOptions);
        return made;
    }

    /** Three servers that know each other, of the version under test. */
    static List<ZooKeeperProcess> ensemble(int tickMs) throws IOException {
        List<Integer> ports = FreePorts.some(9);
        List<ZooKeeperProcess> servers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path dir = Files.createTempDirectory("zookeeper-process");
            Files.createDirectories(dir.resolve("data"));
            Files.write(dir.resolve("data/myid"), String.valueOf(i + 1).getBytes(UTF_8));
            List<String> lines = common(dir, ports.get(i), tickMs);
            lines.add("initLimit=20");
            lines.add("syncLimit=10");
            for (int j = 0; j < 3; j++) {
                lines.add("server." + (j + 1) + "=127.0.0.1:" + ports.get(3 + j) + ":" + ports.get(6 + j));
            }
            servers.add(new ZooKeeperProcess(dir, System.getProperty("java.class.path"), ports.get(i), lines));
        }
        return servers;
    }

    private static List<String> common(Path dir, int port, int tickMs) {
        return new ArrayList<>(Arrays.asList(
                "tickTime=" + tickMs,
                "dataDir=" + dir.resolve("data"),
                "clientPort=" + port,
                "clientPortAddress=127.0.0.1",
                "maxClientCnxns=0",
                "admin.enableServer=false",
                "4lw.commands.whitelist=*"));
    }

    String address() {
        return "127.0.0.1:" + clientPort;
    }

    ZooKeeperProcess start() throws IOException {
        File log = dir.resolve("server.log").toFile();
        Path pidFile = dir.resolve("pid");
        Files.deleteIfExists(pidFile);
        List<String> command = new ArrayList<>(Arrays.asList(
                "/bin/sh",
                "-c",
                "echo $$ > '" + pidFile + "'; exec \"$@\"",
                "sh",
                System.getProperty("java.home") + "/bin/java",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dzookeeper.jmx.log4j.disable=true"));
        command.addAll(jvmOptions);
        command.addAll(Arrays.asList(
                "-cp", classPath, "org.apache.zookeeper.server.quorum.QuorumPeerMain", config.toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        Eventually.until(
                "pid of ZooKeeper",
                () -> Files.exists(pidFile) && pidFile.toFile().length() > 1);
        pid = new String(Files.readAllBytes(pidFile), UTF_8).trim();
        return this;
    }

    /** {@code leader}, {@code follower}, {@code standalone}; empty while it does not serve. */
    String mode() {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), clientPort)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("srvr".getBytes(UTF_8));
            BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            return reader.lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring(6).trim())
                    .collect(Collectors.joining());
        } catch (IOException | java.io.UncheckedIOException notServing) {
            return "";
        }
    }

    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + name, pid).start().waitFor() != 0) {
            throw new IOException("kill -" + name + " " + pid + " failed");
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
