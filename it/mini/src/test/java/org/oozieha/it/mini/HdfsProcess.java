package org.oozieha.it.mini;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.oozieha.testing.FreePorts;

/** HDFS, a name node and a data node of Hadoop's own small cluster, in a JVM of its own that ends with this one. */
public final class HdfsProcess {
    public static final HdfsProcess SHARED = new HdfsProcess();
    private static final long START_SECONDS = 60L * Integer.getInteger("it.timing.scale", 1);

    private final int port = FreePorts.one();
    private Process process;
    private Path dir;

    private HdfsProcess() {}

    /** Where it is once it is started, each time. */
    public String url() {
        return "hdfs://127.0.0.1:" + port;
    }

    /** Starts it, empty, if it does not run; answers when files can be written. */
    public synchronized FileSystem start() throws IOException, InterruptedException {
        if (process == null || !process.isAlive()) {
            launch();
        }
        return ready();
    }

    private void launch() throws IOException {
        dir = Files.createTempDirectory("hdfs");
        process = new ProcessBuilder(Arrays.asList(
                        Paths.get(System.getProperty("java.home"), "bin", "java")
                                .toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-Djdk.net.hosts.file=" + hosts(dir),
                        "-Djava.io.tmpdir=" + dir,
                        "-Dtest.build.data=" + dir.resolve("dfs"),
                        "-cp",
                        System.getProperty("mini.hdfs") + "/*" + File.pathSeparator + System.getProperty("mini.stock")
                                + "/*",
                        "org.apache.hadoop.test.MiniDFSClusterManager",
                        "-format",
                        "-nnport",
                        Integer.toString(port),
                        "-datanodes",
                        "1",
                        "-D",
                        "dfs.permissions.enabled=false"))
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("out.txt").toFile())
                .start();
        Process started = process;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    }

    /** Every name this host has leads to loopback. */
    private static Path hosts(Path dir) throws IOException {
        String name = InetAddress.getLocalHost().getHostName();
        return Files.write(
                dir.resolve("hosts"), ("127.0.0.1 localhost " + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private FileSystem ready() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        IOException last = null;
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                FileSystem files = FileSystem.get(java.net.URI.create(url()), new Configuration());
                org.apache.hadoop.fs.Path probe = new org.apache.hadoop.fs.Path("/probe");
                try (OutputStream out = files.create(probe, true)) {
                    out.write(1);
                }
                files.delete(probe, false);
                return files;
            } catch (IOException notYet) {
                last = notYet;
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            }
        }
        kill();
        throw new IOException("HDFS is not up, see " + dir, last);
    }

    public synchronized void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
