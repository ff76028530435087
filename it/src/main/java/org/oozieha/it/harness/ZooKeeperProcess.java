package org.oozieha.it.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** One ZooKeeper server in a JVM of its own; its data survive {@link #kill()} and {@link #stop()}. */
public final class ZooKeeperProcess {
    /** Whom no ACL keeps out: the harness looks at secured trees as this user. */
    static final String SUPERUSER = "super:of the harness";

    private final Path dir;
    private final int clientPort;
    private final List<String> moreOptions;
    private ChildProcess process;

    ZooKeeperProcess(Path dir, int clientPort, List<String> moreOptions) {
        this.dir = dir;
        this.clientPort = clientPort;
        this.moreOptions = moreOptions;
    }

    /** Starts the server (again); {@link #isServing()} tells when it takes requests. */
    public void start() {
        List<String> command = new ArrayList<>(Arrays.asList(
                ChildProcess.java(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + Directories.create(dir.resolve("tmp")),
                "-Dzookeeper.admin.enableServer=false",
                "-Dzookeeper.preAllocSize=1024",
                "-Dzookeeper.DigestAuthenticationProvider.superDigest=" + superDigest(),
                "-Dznode.container.checkIntervalMs=1000",
                "-Dznode.container.maxPerMinute=1000000",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-Dorg.slf4j.simpleLogger.log.org.apache.zookeeper=info"));
        command.addAll(moreOptions);
        command.addAll(Arrays.asList(
                "-cp",
                ownClassPath(),
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                dir.resolve("zoo.cfg").toString()));
        process = ChildProcess.start("zookeeper", dir, command);
    }

    private static String superDigest() {
        try {
            return DigestAuthenticationProvider.generateDigest(SUPERUSER);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the build tool calls the class path when it hides it behind a manifest, else the JVM's own. */
    static String ownClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    public ChildProcess process() {
        return process;
    }

    public void stop() {
        if (process != null) {
            process.terminate(Duration.ofSeconds(5));
        }
    }

    public void kill() {
        process.kill();
    }

    public int clientPort() {
        return clientPort;
    }

    public boolean isServing() {
        try {
            return ask("srvr").contains("Zxid:");
        } catch (IOException e) {
            return false;
        }
    }

    public boolean isLeader() {
        try {
            return ask("srvr").contains("Mode: leader");
        } catch (IOException e) {
            return false;
        }
    }

    /** The last transaction's id as this server knows it: each write, a failed one too, raises it by one. */
    public long lastTransaction() {
        try {
            String answer = ask("srvr");
            String hex = answer.substring(answer.indexOf("Zxid: 0x") + 8).split("\\s", 2)[0];
            return Long.parseLong(hex, 16);
        } catch (IOException e) {
            throw new IllegalStateException("ZooKeeper on port " + clientPort + " does not answer", e);
        }
    }

    private String ask(String fourLetters) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", clientPort), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(fourLetters.getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return answer.lines().collect(Collectors.joining("\n"));
        }
    }
}
