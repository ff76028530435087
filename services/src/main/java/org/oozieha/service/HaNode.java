package org.oozieha.service;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.BuildInfo;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.client.OozieClient;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.Instrumentable;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.cluster.ClaimedLeadership;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Leadership;
import org.oozieha.cluster.LockQueue;
import org.oozieha.cluster.ServerIdentity;
import org.oozieha.cluster.WatchedDirectory;
import org.oozieha.cluster.zookeeper.ClusterStartException;
import org.oozieha.cluster.zookeeper.ForeignEnsemble;
import org.oozieha.cluster.zookeeper.ZkCluster;
import org.oozieha.config.HaConfig;
import org.oozieha.config.HaConfigException;
import org.oozieha.config.OperatorSettings;
import org.oozieha.config.PackVersion;
import org.oozieha.http.PeerAuthenticator;
import org.oozieha.http.PeerClient;
import org.oozieha.http.PeerTimeouts;
import org.oozieha.partition.Partition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's place in the cluster: the one session, and what all of the pack's services share.
 *
 * <p>Guarantee: one per server, made by the first of the pack's services to init, destroyed by Oozie after all of them, also when a later
 * init fails. On failure of its own init it leaves nothing behind and the server does not start. A server is registered JOINING from
 * here on, and ACTIVE once all services are up and its own URL answers (design: active means ready).
 *
 * <p>Thread-safe after init.
 */
public final class HaNode implements Service, Instrumentable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.service");
    private static final String LEADER_KEY = "oozie-ha-leader";
    /** The instrumentation group of the pack. */
    public static final String METRICS = "ha";

    private static final String QUEUE_STOP_SECONDS =
            "oozie.service.CallableQueueService.queue.awaitTermination.timeout.seconds";

    private final AtomicBoolean leaving = new AtomicBoolean();
    private final RequestGate requests = new RequestGate();
    private final Map<String, ForeignEnsemble> foreign = new HashMap<>();
    private final List<LauncherSettings> launcherSettings = new CopyOnWriteArrayList<>();
    private HaConfig config;
    private ZkCluster cluster;
    private DatabaseFence databaseFence;
    private ClaimedLeadership leadership;
    private Partition partition;
    private PeerAccess access;
    private PeerClient peers;
    private Activation activation;
    private Housekeeping housekeeping;

    /** This server's node; the first of the pack's services to ask makes it. */
    public static HaNode of(Services services) throws ServiceException {
        HaNode node = services.get(HaNode.class);
        if (node == null) {
            services.setService(HaNode.class);
            node = services.get(HaNode.class);
        }
        return node;
    }

    /** The running server's node; empty before it is made, after the services were destroyed, and without the pack. */
    public static Optional<HaNode> current() {
        Services services = Services.get();
        return Optional.ofNullable(services == null ? null : services.get(HaNode.class));
    }

    @Override
    public void init(Services services) throws ServiceException {
        Optional<String> conflict = InstalledServices.of(services.getConf()).conflict();
        if (conflict.isPresent()) {
            throw new ServiceException(ErrorCode.E0100, HaNode.class.getSimpleName(), conflict.get());
        }
        try {
            config = HaConfig.from(services.getConf());
            boundDrain(services.getConf());
            access = PeerAccess.of(services.getConf(), config);
            ServerIdentity self = new ServerIdentity(
                    config.instanceId(),
                    config.serverUrl(),
                    PackVersion.current(),
                    BuildInfo.getBuildInfo().getProperty(BuildInfo.BUILD_VERSION, "unknown"),
                    System.currentTimeMillis());
            databaseFence = DatabaseFence.of(services.getConf(), config).orElse(null);
            cluster = ZkCluster.start(
                    ZooKeeperOptions.of(config)
                            .withIncarnationFloor(
                                    databaseFence == null ? 0 : databaseFence.incarnationFloor(self.id())),
                    self,
                    System::currentTimeMillis);
            cluster.listen(new ChangeLog());
            if (databaseFence != null) {
                databaseFence.attach(cluster);
            }
            leadership = new ClaimedLeadership(cluster.locks(), cluster.lease(), LEADER_KEY);
            cluster.listen(leadership);
            partition = new Partition(cluster::members, cluster.lease(), self.id());
            peers = new PeerClient(
                    new PeerTimeouts(
                            config.peerConnectTimeoutMs(), config.peerReadTimeoutMs(), config.peerTotalTimeoutMs()),
                    access.authentication(),
                    access.trust());
            PeerAuthenticator.use(peers);
            LOG.info(
                    "This server is in the cluster: server={} incarnation={} pack_version={} oozie_version={}",
                    self,
                    cluster.lease().incarnation(),
                    self.packVersion(),
                    self.oozieVersion());
        } catch (HaConfigException | ClusterStartException | RuntimeException e) {
            close();
            throw new ServiceException(ErrorCode.E0100, HaNode.class.getSimpleName(), e.getMessage(), e);
        }
    }

    /**
     * A third of the drain is for requests under way; Oozie's command queue waits one third for its running commands, and then as long
     * again for its delayed ones.
     */
    private void boundDrain(Configuration conf) {
        if (!OperatorSettings.keys(conf).contains(QUEUE_STOP_SECONDS)) {
            conf.setLong(QUEUE_STOP_SECONDS, Math.max(1, config.drainTimeoutMs() / 3_000));
        }
    }

    /** Oozie calls this once all services are up: the one sign that this server can become ACTIVE. */
    @Override
    public void instrument(Instrumentation instrumentation) {
        Instrumentation.Variable<Long> remaining = () -> cluster.lease().remainingMs();
        Instrumentation.Variable<Long> incarnation =
                () -> cluster.lease().incarnation().number();
        Instrumentation.Variable<Long> active =
                () -> (long) cluster.members().owners().size();
        Instrumentation.Variable<Long> leader = () -> leadership.isLeader() ? 1L : 0L;
        instrumentation.addVariable(METRICS, "lease.remaining_ms", remaining);
        instrumentation.addVariable(METRICS, "incarnation", incarnation);
        instrumentation.addVariable(METRICS, "members.active", active);
        instrumentation.addVariable(METRICS, "leader", leader);
        Services services = Services.get();
        InstalledServices.of(services.getConf()).logWhatIsMissing(config);
        activation = new Activation(
                cluster,
                leadership,
                config,
                access.trust(),
                () -> services.getSystemMode() == OozieClient.SYSTEM_MODE.SAFEMODE,
                leaving::get);
        activation.start();
        housekeeping = new Housekeeping();
        housekeeping.start(leadership, cluster::removeEmptyLockParents);
    }

    public HaConfig config() {
        return config;
    }

    public Cluster cluster() {
        return cluster;
    }

    /** The queue for job locks: its grants keep what {@code oozie.ha.fencing} promises. */
    LockQueue locks() {
        return databaseFence == null ? cluster.locks() : databaseFence.locks();
    }

    /** Present in mode {@code database}. */
    Optional<DatabaseFence> databaseFence() {
        return Optional.ofNullable(databaseFence);
    }

    public Leadership leadership() {
        return leadership;
    }

    public Partition partition() {
        return partition;
    }

    /**
     * A directory that others write, outside of this cluster's namespace; watched until this server stops.
     *
     * @param connectionString of an ensemble that wants no login; empty for the one Oozie uses, with its login and without its chroot
     * @param path absolute
     */
    public WatchedDirectory foreignDirectory(String connectionString, String path) {
        synchronized (foreign) {
            return foreign.computeIfAbsent(connectionString, this::openEnsemble).directory(path);
        }
    }

    private ForeignEnsemble openEnsemble(String connectionString) {
        return connectionString.isEmpty()
                ? ForeignEnsemble.open(ZooKeeperOptions.of(config).withoutNamespace())
                : ForeignEnsemble.open(connectionString, config.sessionTimeoutMs());
    }

    /** Has every launcher that this server submits told that too; needs the pack's HAHadoopAccessorService. */
    public void addLauncherSettings(LauncherSettings settings) {
        launcherSettings.add(settings);
    }

    /** Nothing if they are not there. */
    public void removeLauncherSettings(LauncherSettings settings) {
        launcherSettings.remove(settings);
    }

    /** A launcher's configuration with what the pack's services add; the same object where there is nothing to add. */
    Configuration completed(Configuration launcher) throws IOException {
        if (launcherSettings.isEmpty()) {
            return launcher;
        }
        Configuration completed = new Configuration(launcher);
        for (LauncherSettings settings : launcherSettings) {
            settings.complete(completed);
        }
        return completed;
    }

    /** For authenticated, bounded calls of other servers. */
    public PeerClient peers() {
        return peers;
    }

    /** The requests under way in this server. */
    RequestGate requests() {
        return requests;
    }

    /**
     * Takes this server out of the partition and out of the election, so that peers take over at once, and waits a bounded time for the
     * requests under way; its session and its locks stay until {@link #destroy}. Each of the pack's services calls it first in its own
     * destroy. Idempotent.
     */
    public void leave() {
        if (leaving.compareAndSet(false, true)) {
            if (activation != null) {
                activation.leave();
            }
            int cutOff = requests.closeAndAwait(config == null ? 0 : config.drainTimeoutMs() / 3);
            if (cutOff > 0) {
                LOG.warn(
                        "Stopping although requests are under way, after a third of oozie.ha.drain.timeout.ms: requests={}",
                        cutOff);
            }
        }
    }

    @Override
    public void destroy() {
        leave();
        close();
    }

    private void close() {
        if (housekeeping != null) {
            housekeeping.close();
        }
        if (activation != null) {
            activation.close();
        }
        if (peers != null) {
            PeerAuthenticator.forget(peers);
            peers.close();
        }
        if (access != null) {
            access.close();
        }
        synchronized (foreign) {
            foreign.values().forEach(ForeignEnsemble::close);
            foreign.clear();
        }
        if (databaseFence != null) {
            databaseFence.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    public Class<? extends Service> getInterface() {
        return HaNode.class;
    }
}
