package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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
import org.oozieha.testing.FreePorts;

/**
 * HDFS and YARN with one node each, in three processes on loopback: the name node with its data node, the resource manager, the node
 * manager. Containers are real processes. {@link #start} returns when the node is registered.
 */
public final class HadoopCluster implements AutoCloseable {
    static final int LAUNCHER_MB = 256;
    private static final Duration START = Duration.ofSeconds(180);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Workspace workspace;
    private final Path dir;
    private final Path conf;
    private final int launchers;
    private final List<Integer> ports = FreePorts.some(9);
    private final List<ChildProcess> daemons = new ArrayList<>();

    private HadoopCluster(Workspace workspace, int launchers) {
        this.workspace = workspace;
        this.launchers = launchers;
        this.dir = workspace.dir("hadoop");
        this.conf = Directories.create(dir.resolve("conf"));
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
            cluster.startDaemons();
            Waiting.until("a YARN node is registered", START, () -> cluster.nodes() == 1);
            complete = true;
            return cluster;
        } finally {
            if (!complete) {
                cluster.close();
            }
        }
    }

    private void startDaemons() {
        new OozieSite().setAll(clientProperties()).setAll(proxyUser()).write(conf.resolve("core-site.xml"));
        new OozieSite().setAll(clientProperties()).setAll(yarnProperties()).write(conf.resolve("yarn-site.xml"));
        daemons.add(java(
                "hdfs",
                Arrays.asList("-Xmx512m", "-Dtest.build.data=" + dir.resolve("dfs")),
                "org.apache.hadoop.mapreduce.MiniHadoopClusterManager",
                "-nomr",
                "-format",
                "-nnport",
                Integer.toString(ports.get(0)),
                "-datanodes",
                "1",
                "-D",
                "dfs.permissions.enabled=false"));
        // One process each: in one JVM the web pages of the last would hide the others'.
        daemons.add(java(
                "resourcemanager",
                Collections.singletonList("-Xmx256m"),
                "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager"));
        daemons.add(java(
                "nodemanager",
                Collections.singletonList("-Xmx256m"),
                "org.apache.hadoop.yarn.server.nodemanager.NodeManager"));
    }

    private ChildProcess java(String name, List<String> options, String mainClass, String... arguments) {
        List<String> words = new ArrayList<>(Arrays.asList(
                "/usr/bin/env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "HADOOP_HOME=" + dir,
                ChildProcess.java(),
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djdk.net.hosts.file=" + hosts(),
                "-Djava.io.tmpdir=" + Directories.create(dir.resolve("tmp")),
                "-Dhadoop.log.dir=" + dir.resolve("logs")));
        words.addAll(options);
        words.addAll(Arrays.asList("-cp", conf + ":" + workspace.hadoopClassPath(), mainClass));
        words.addAll(Arrays.asList(arguments));
        return ChildProcess.start(name, dir, words);
    }

    /** Every name this host has leads to loopback. */
    private Path hosts() {
        Path hosts = dir.resolve("hosts");
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return Files.write(hosts, ("127.0.0.1 localhost " + name + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> proxyUser() {
        Map<String, String> properties = new TreeMap<>();
        String user = System.getProperty("user.name");
        properties.put("hadoop.proxyuser." + user + ".hosts", "*");
        properties.put("hadoop.proxyuser." + user + ".groups", "*");
        return properties;
    }

    private Map<String, String> yarnProperties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("yarn.resourcemanager.resource-tracker.address", address(3));
        properties.put("yarn.resourcemanager.admin.address", address(4));
        properties.put("yarn.resourcemanager.webapp.address", address(5));
        // No share of memory reserved for what is not a launcher.
        properties.put(
                "yarn.resourcemanager.scheduler.class",
                "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler");
        properties.put("yarn.scheduler.minimum-allocation-mb", Integer.toString(LAUNCHER_MB));
        properties.put("yarn.nodemanager.hostname", "127.0.0.1");
        properties.put("yarn.nodemanager.address", address(6));
        properties.put("yarn.nodemanager.localizer.address", address(7));
        properties.put("yarn.nodemanager.webapp.address", address(8));
        properties.put("yarn.nodemanager.resource.memory-mb", Integer.toString(launchers * LAUNCHER_MB));
        properties.put("yarn.nodemanager.resource.cpu-vcores", "64");
        properties.put("yarn.nodemanager.vmem-check-enabled", "false");
        properties.put("yarn.nodemanager.pmem-check-enabled", "false");
        properties.put("yarn.nodemanager.local-dirs", dir.resolve("local").toString());
        properties.put("yarn.nodemanager.log-dirs", dir.resolve("containers").toString());
        properties.put("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100");
        return properties;
    }

    /** What a client's {@code core-site.xml} needs. */
    Map<String, String> clientProperties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("fs.defaultFS", nameNode());
        properties.put("dfs.replication", "1");
        properties.put("mapreduce.framework.name", "yarn");
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
        return "hdfs://" + address(0);
    }

    /** What a workflow calls its job tracker. */
    public String resourceManager() {
        return address(1);
    }

    /** Copies local directories into the root of HDFS, under their own names, over what is there. */
    public void put(Path... directories) {
        List<String> arguments = new ArrayList<>(Arrays.asList("-put", "-f"));
        for (Path directory : directories) {
            arguments.add(directory.toString());
        }
        arguments.add("/");
        ChildProcess shell =
                java("put", Collections.emptyList(), "org.apache.hadoop.fs.FsShell", arguments.toArray(new String[0]));
        if (shell.awaitExit(Duration.ofMinutes(1)) != 0) {
            throw new IllegalStateException("hadoop fs " + String.join(" ", arguments) + " failed:\n" + shell.tail());
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
        Collections.reverse(daemons);
        // The node manager first: it ends its containers.
        daemons.forEach(daemon -> daemon.terminate(Duration.ofSeconds(10)));
        daemons.clear();
    }
}
