package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.json.simple.JSONArray;
import org.json.simple.JSONObject;
import org.json.simple.JSONValue;

/**
 * HDFS and YARN with one node each, in a JVM of their own on loopback: Hadoop's own daemons, started by the class of its tests. Containers
 * are real processes. {@link #start} returns when a node is registered.
 */
public final class HadoopCluster implements AutoCloseable {
    static final int LAUNCHER_MB = 256;
    private static final Duration START = Duration.ofSeconds(180);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Workspace workspace;
    private final Path dir;
    private final int launchers;
    private final int nameNodePort = FreePorts.one();
    private final List<Integer> ports = FreePorts.some(8);
    private ChildProcess process;

    private HadoopCluster(Workspace workspace, int launchers) {
        this.workspace = workspace;
        this.launchers = launchers;
        this.dir = workspace.dir("hadoop");
    }

    /**
     * Starts it, empty; it is ended again when that fails.
     *
     * @param launchers how many of Oozie's launchers run at a time; more wait in YARN's queue, the oldest first
     */
    public static HadoopCluster start(Workspace workspace, int launchers) {
        HadoopCluster cluster = new HadoopCluster(workspace, launchers);
        boolean complete = false;
        try {
            cluster.startProcess();
            Waiting.until("a YARN node is registered", START, () -> cluster.process.isAlive() && cluster.nodes() == 1);
            complete = true;
            return cluster;
        } finally {
            if (!complete) {
                cluster.close();
            }
        }
    }

    private void startProcess() {
        Path hosts = dir.resolve("hosts");
        try {
            Files.write(hosts, ("127.0.0.1 localhost " + hostName() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> words = new ArrayList<>(Arrays.asList(
                "/usr/bin/env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "HADOOP_HOME=" + dir,
                ChildProcess.java(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djdk.net.hosts.file=" + hosts,
                "-Djava.io.tmpdir=" + Directories.create(dir.resolve("tmp")),
                "-Dtest.build.data=" + dir.resolve("dfs"),
                "-Dhadoop.log.dir=" + dir.resolve("logs"),
                "-cp",
                workspace.hadoopClassPath(),
                "org.apache.hadoop.mapreduce.MiniHadoopClusterManager"));
        words.addAll(Arrays.asList("-format", "-nodemanagers", "1", "-datanodes", "1"));
        words.addAll(Arrays.asList("-nnport", Integer.toString(nameNodePort)));
        words.addAll(Arrays.asList("-rmport", Integer.toString(ports.get(0))));
        words.addAll(Arrays.asList("-jhsport", Integer.toString(ports.get(1))));
        daemonProperties().forEach((key, value) -> words.addAll(Arrays.asList("-D", key + "=" + value)));
        process = ChildProcess.start("hadoop", dir, words);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private Map<String, String> daemonProperties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("yarn.resourcemanager.hostname", "127.0.0.1");
        properties.put("yarn.resourcemanager.scheduler.address", address(2));
        properties.put("yarn.resourcemanager.resource-tracker.address", address(3));
        properties.put("yarn.resourcemanager.admin.address", address(4));
        properties.put("yarn.resourcemanager.webapp.address", address(5));
        properties.put("mapreduce.jobhistory.webapp.address", address(6));
        properties.put("mapreduce.jobhistory.admin.address", address(7));
        properties.put("mapreduce.shuffle.port", "0");
        // No share of memory reserved for what is not a launcher.
        properties.put(
                "yarn.resourcemanager.scheduler.class",
                "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler");
        properties.put("yarn.scheduler.minimum-allocation-mb", "128");
        properties.put(
                "yarn.minicluster.yarn.nodemanager.resource.memory-mb", Integer.toString(launchers * LAUNCHER_MB));
        properties.put("yarn.nodemanager.resource.cpu-vcores", "64");
        properties.put("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100");
        properties.put("dfs.permissions.enabled", "false");
        String user = System.getProperty("user.name");
        properties.put("hadoop.proxyuser." + user + ".hosts", "*");
        properties.put("hadoop.proxyuser." + user + ".groups", "*");
        return properties;
    }

    /** What a client's {@code core-site.xml} needs. */
    Map<String, String> clientProperties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("fs.defaultFS", nameNode());
        properties.put("dfs.replication", "1");
        properties.put("mapreduce.framework.name", "yarn");
        properties.put("mapreduce.jobhistory.address", address(1));
        properties.put("yarn.resourcemanager.address", resourceManager());
        properties.put("yarn.resourcemanager.scheduler.address", address(2));
        // A launcher that outlives the cluster gives up soon.
        properties.put("yarn.resourcemanager.connect.max-wait.ms", "60000");
        properties.put("yarn.application.classpath", workspace.hadoopClassPath());
        properties.put("yarn.app.mapreduce.am.command-opts", "-Xmx128m -XX:TieredStopAtLevel=1");
        properties.put("yarn.app.mapreduce.am.resource.mb", Integer.toString(LAUNCHER_MB));
        return properties;
    }

    private String address(int port) {
        return "127.0.0.1:" + ports.get(port);
    }

    /** {@code hdfs://host:port}. */
    public String nameNode() {
        return "hdfs://127.0.0.1:" + nameNodePort;
    }

    /** What a workflow calls its job tracker. */
    public String resourceManager() {
        return address(0);
    }

    /** Copies local directories into the root of HDFS, under their own names, over what is there. */
    public void put(Path... directories) {
        Path conf = Directories.create(dir.resolve("conf"));
        new OozieSite().setAll(clientProperties()).write(conf.resolve("core-site.xml"));
        new OozieSite().write(conf.resolve("hdfs-site.xml"));
        List<String> words = new ArrayList<>(Arrays.asList(
                "/usr/bin/env",
                "HADOOP_HOME=" + dir,
                ChildProcess.java(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                conf + ":" + workspace.hadoopClassPath(),
                "org.apache.hadoop.fs.FsShell",
                "-put",
                "-f"));
        for (Path directory : directories) {
            words.add(directory.toString());
        }
        words.add("/");
        ChildProcess shell = ChildProcess.start("put", dir, words);
        if (shell.awaitExit(Duration.ofMinutes(1)) != 0) {
            throw new IllegalStateException(String.join(" ", words) + " failed:\n" + shell.tail());
        }
    }

    /** All applications ever submitted, as the resource manager has them now, the oldest first. */
    public List<YarnApplication> applications() {
        JSONObject apps = (JSONObject) ask("/ws/v1/cluster/apps").get("apps");
        if (apps == null) {
            return Collections.emptyList();
        }
        List<YarnApplication> applications = new ArrayList<>();
        for (Object app : (JSONArray) apps.get("app")) {
            JSONObject fields = (JSONObject) app;
            applications.add(new YarnApplication(
                    (String) fields.get("id"),
                    (String) fields.get("name"),
                    (String) fields.get("state"),
                    (String) fields.get("finalStatus"),
                    ((Number) fields.get("startedTime")).longValue(),
                    (String) fields.get("diagnostics")));
        }
        applications.sort((one, other) -> one.id().compareTo(other.id()));
        return applications;
    }

    private long nodes() {
        JSONObject metrics = (JSONObject) ask("/ws/v1/cluster/metrics").get("clusterMetrics");
        return ((Number) metrics.get("activeNodes")).longValue();
    }

    private JSONObject ask(String path) {
        return (JSONObject) JSONValue.parse(Http.get("http://" + address(5) + path, ANSWER));
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.terminate(Duration.ofSeconds(10));
        }
    }
}
