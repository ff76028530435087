package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.oozieha.testing.FreePorts;

/** One ZooKeeper server or a quorum of several, each in a JVM of its own, on loopback and free ports. */
public final class ZooKeeperEnsemble implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final List<ZooKeeperProcess> servers;
    private final Duration tick;

    private ZooKeeperEnsemble(List<ZooKeeperProcess> servers, Duration tick) {
        this.servers = Collections.unmodifiableList(servers);
        this.tick = tick;
    }

    /** Starts the servers and returns once all of them serve. */
    public static ZooKeeperEnsemble start(Path dir, int count, Duration tick) {
        return start(dir, count, tick, Collections.emptyList(), Collections.emptyList());
    }

    /** The same, with more lines for each {@code zoo.cfg} and more options for each JVM. */
    static ZooKeeperEnsemble start(
            Path dir, int count, Duration tick, List<String> moreConfig, List<String> javaOptions) {
        List<Integer> ports = FreePorts.some(3 * count);
        List<ZooKeeperProcess> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path home = Directories.create(dir.resolve("zookeeper-" + (i + 1)));
            configure(home, i, count, tick, ports, moreConfig);
            servers.add(new ZooKeeperProcess(home, ports.get(i), javaOptions));
        }
        ZooKeeperEnsemble ensemble = new ZooKeeperEnsemble(servers, tick);
        ensemble.start();
        return ensemble;
    }

    private static void configure(
            Path home, int index, int count, Duration tick, List<Integer> ports, List<String> more) {
        List<String> lines = new ArrayList<>();
        lines.add("tickTime=" + tick.toMillis());
        lines.add("dataDir=" + Directories.create(home.resolve("data")));
        lines.add("clientPortAddress=127.0.0.1");
        lines.add("clientPort=" + ports.get(index));
        lines.add("maxClientCnxns=0");
        // Stock Oozie asks for 300 s, which the default maximum would cut to 20 ticks.
        lines.add("maxSessionTimeout=400000");
        lines.add("initLimit=10");
        lines.add("syncLimit=5");
        lines.add("4lw.commands.whitelist=srvr,mntr,cons,stat");
        for (int i = 0; count > 1 && i < count; i++) {
            lines.add("server." + (i + 1) + "=127.0.0.1:" + ports.get(count + i) + ":" + ports.get(2 * count + i));
        }
        lines.addAll(more);
        try {
            Files.write(home.resolve("zoo.cfg"), lines, StandardCharsets.UTF_8);
            Files.write(home.resolve("data/myid"), Collections.singletonList(Integer.toString(index + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts every server again and returns once all serve. */
    public void start() {
        servers.forEach(ZooKeeperProcess::start);
        servers.forEach(server ->
                Waiting.until("ZooKeeper on port " + server.clientPort() + " serves", START, server::isServing));
    }

    /** {@code kill -9} of every server: an outage; data are kept. */
    public void kill() {
        servers.forEach(ZooKeeperProcess::kill);
    }

    public List<ZooKeeperProcess> servers() {
        return servers;
    }

    public Duration tick() {
        return tick;
    }

    /** The addresses of all servers, comma-separated. */
    public String connectionString() {
        return servers.stream()
                .map(server -> "127.0.0.1:" + server.clientPort())
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        servers.forEach(ZooKeeperProcess::stop);
    }
}
