package org.oozieha.sharelib;

import java.io.IOException;
import java.util.Collections;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.oozieha.cluster.ClaimedLeadership;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.zookeeper.ClusterStartException;
import org.oozieha.cluster.zookeeper.ZkCluster;
import org.oozieha.cluster.zookeeper.ZkOptions;
import org.oozieha.sharelib.version.Convergence;
import org.oozieha.sharelib.version.Loaded;
import org.oozieha.sharelib.version.Purge;
import org.oozieha.sharelib.version.ShareLibNodes;
import org.oozieha.sharelib.version.UnfinishedActions;

/** The parts of a server that have to do with the sharelib, with a session and a thread of its own. */
final class ShareLibMember {
    static final long DAY_MS = 24 * 60 * 60_000L;
    private static final long RETENTION_MS = 7 * DAY_MS;
    private static final long WAIT_MS = 30_000L * Integer.getInteger("it.timing.scale", 1);

    private final ZkCluster cluster;
    private final FileSystemWorker worker = new FileSystemWorker("member");
    private final ShareLibFileSystem system;
    private final Convergence<ShareLibContent> convergence;
    private final ClaimedLeadership leadership;
    private final Purge purge;
    private final LauncherDirectory launchers;

    /** @param wallMs the clock its directory is named by, and the purge goes by, milliseconds since the epoch */
    ShareLibMember(
            String id,
            ZkOptions zookeeper,
            Path root,
            String launcherJar,
            UnfinishedActions actions,
            LongSupplier wallMs)
            throws ClusterStartException {
        cluster = ZkCluster.start(
                zookeeper,
                new ServerIdentity(id, "http://127.0.0.1:1/" + id, "test", "test", wallMs.getAsLong()),
                System::currentTimeMillis);
        system = new ShareLibFileSystem(root, new Configuration());
        ShareLibFiles files = new ShareLibFiles(system, "", Collections.emptySet(), wallMs, worker);
        ShareLibNodes nodes = new ShareLibNodes(cluster);
        convergence = new Convergence<>(cluster, nodes, files, worker, wallMs);
        leadership = new ClaimedLeadership(cluster.locks(), cluster.lease(), "leader");
        cluster.listen(leadership);
        purge = new Purge(cluster, leadership, nodes, files, actions, RETENTION_MS, DAY_MS, wallMs);
        launchers = new LauncherDirectory(
                cluster,
                nodes,
                convergence,
                root,
                new LauncherJars(system, type -> launcherJar),
                () -> Collections.singletonMap("oozie", Collections.singletonList(ShareLibMember.class)),
                worker);
    }

    /** Returns once it serves a version and its launcher jars are uploaded. */
    void start() throws IOException {
        String problem = new FirstLoad(convergence, launchers, worker).problem(true, WAIT_MS);
        if (!problem.isEmpty()) {
            throw new IOException(problem);
        }
        cluster.announce(ServerState.ACTIVE);
        leadership.stand(true);
    }

    void update() throws IOException {
        worker.within(WAIT_MS, convergence::publishNewest, "publish the newest sharelib");
    }

    boolean leads() {
        return leadership.isLeader();
    }

    /** One pass; does nothing where it does not lead. */
    void purge() {
        purge.run();
    }

    String serves() {
        return convergence
                .loaded()
                .map(Loaded::content)
                .map(content -> new Path(content.listing().path()).getName())
                .orElse("nothing");
    }

    String launcherDirectory() {
        return new Path(launchers.path()).getName();
    }

    void stop() throws IOException {
        convergence.stop();
        worker.close();
        cluster.close();
        system.close();
    }
}
