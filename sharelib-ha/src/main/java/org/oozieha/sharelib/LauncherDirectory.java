package org.oozieha.sharelib;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.sharelib.version.Convergence;
import org.oozieha.sharelib.version.ShareLibNodes;
import org.oozieha.sharelib.version.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The launcher jars of this process, in a directory of its own that the cluster knows.
 *
 * <p>Guarantee: the directory is announced before it is made, and kept for as long as this process is known. On failure the upload is
 * repeated every 30 s and when the jars are asked for. {@link #upload} runs on the worker, the rest is thread-safe.
 */
final class LauncherDirectory {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sharelib");
    private static final long RETRY_MS = 30_000;

    private final Cluster cluster;
    private final ShareLibNodes nodes;
    private final Convergence<?> convergence;
    private final Path path;
    private final LauncherJars jars;
    private final Supplier<Map<String, List<Class<?>>>> classes;
    private final Worker worker;
    private volatile Map<String, List<Path>> uploaded = Collections.emptyMap();
    private volatile String failure = "";
    private boolean retrying;

    LauncherDirectory(
            Cluster cluster,
            ShareLibNodes nodes,
            Convergence<?> convergence,
            Path root,
            LauncherJars jars,
            Supplier<Map<String, List<Class<?>>>> classes,
            Worker worker) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.convergence = convergence;
        this.path = new Path(
                root,
                DirectoryName.launcher(
                        cluster.self().startedAtMs(),
                        cluster.self().id(),
                        cluster.lease().incarnation().number()));
        this.jars = jars;
        this.classes = classes;
        this.worker = worker;
    }

    /** True once it is done; a failure is told by {@link #failure}. */
    boolean upload() {
        if (isUploaded()) {
            return true;
        }
        try {
            convergence.keep(path.getName());
            nodes.addLauncher(
                    path.getName(), cluster.self().id(), cluster.self().startedAtMs(), System.currentTimeMillis());
            uploaded = jars.upload(path, classes.get());
            failure = "";
            LOG.info("Launcher jars uploaded: directory={}", path);
            return true;
        } catch (IOException | ClusterUnavailableException | RuntimeException | LinkageError e) {
            failure = "the launcher jars could not be uploaded to " + path + ": " + e.getMessage();
            LOG.warn("{}", failure);
            retryLater();
            return false;
        }
    }

    private void retryLater() {
        if (!retrying) {
            retrying = true;
            worker.after(RETRY_MS, () -> {
                retrying = false;
                upload();
            });
        }
    }

    boolean isUploaded() {
        return !uploaded.isEmpty();
    }

    /** Empty if the last attempt succeeded. */
    String failure() {
        return failure;
    }

    List<Path> jars(String key) {
        return uploaded.getOrDefault(key, Collections.emptyList());
    }

    String path() {
        return path.toString();
    }
}
