package org.oozieha.sharelib;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.HadoopAccessorService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.ShareLibService;
import org.apache.oozie.service.WorkflowAppService;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.service.HaNode;
import org.oozieha.service.ReachesAllServers;
import org.oozieha.sharelib.version.ClusterUpdate;
import org.oozieha.sharelib.version.Convergence;
import org.oozieha.sharelib.version.Loaded;
import org.oozieha.sharelib.version.Purge;
import org.oozieha.sharelib.version.ShareLibNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version of the sharelib on all servers; in {@code oozie.services.ext} it takes the place of Oozie's ShareLibService.
 *
 * <p>Guarantee: {@code oozie admin -sharelibupdate} on any server publishes one version, and every ACTIVE server has loaded it when the
 * answer says so; a server that starts, or comes back, takes the published version; one action sees one version; a purge deletes nothing
 * that a server or an unfinished action uses. On failure: the update names the servers that have not loaded it, and why, within
 * {@code oozie.ha.sharelib.update.timeout.ms}; they keep what they have and load it as soon as they can. Thread-safe.
 *
 * <p>Source: Oozie 5.2.1's ShareLibService, which asks one server after the other, takes whatever directory is the newest, and purges by
 * age alone.
 */
public class HAShareLibService extends ShareLibService implements ReachesAllServers {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sharelib");
    private static final long PURGE_FIRST_MS = 10_000;
    private static final long PURGE_EVERY_MS = 600_000;
    private static final long DAY_MS = 24 * 60 * 60_000L;

    private HaNode node;
    private Launchers actionTypes;
    private Path root;
    private String mappingFile;
    private ShareLibFileSystem system;
    private FileSystemWorker worker;
    private FileSystemWorker purger;
    private ShareLibNodes nodes;
    private Convergence<ShareLibContent> convergence;
    private ClusterUpdate update;
    private LauncherDirectory launchers;
    private ServerVersions versions;
    private ServedJars jars;

    @Override
    public void init(Services services) throws ServiceException {
        try {
            node = HaNode.of(services);
            Configuration conf = services.getConf();
            actionTypes = Launchers.of(conf);
            root = services.get(WorkflowAppService.class).getSystemLibPath();
            mappingFile = ConfigurationService.get(conf, SHARELIB_MAPPING_FILE).trim();
            boolean failFast = ConfigurationService.getBoolean(conf, FAIL_FAST_ON_STARTUP);
            worker = new FileSystemWorker("oozie-ha-sharelib");
            purger = new FileSystemWorker("oozie-ha-sharelib-purge");
            open(services, ConfigurationService.getBoolean(conf, SHIP_LAUNCHER_JAR));
            loadFirst(failFast);
            startPurge(conf);
        } catch (IOException | RuntimeException e) {
            close();
            throw new ServiceException(ErrorCode.E0104, getClass().getName(), "the sharelib: " + e.getMessage(), e);
        } catch (ServiceException | Error e) {
            close();
            throw e;
        }
    }

    private void open(Services services, boolean shipLauncherJars) throws IOException {
        HadoopAccessorService hadoop = services.get(HadoopAccessorService.class);
        system = new ShareLibFileSystem(
                root, hadoop.createConfiguration(root.toUri().getAuthority()));
        nodes = new ShareLibNodes(node.cluster());
        convergence = new Convergence<>(node.cluster(), nodes, files(), worker, System::currentTimeMillis);
        update = new ClusterUpdate(node.cluster(), nodes, System::nanoTime);
        versions = new ServerVersions(node.cluster(), nodes);
        if (shipLauncherJars) {
            launchers = new LauncherDirectory(
                    node.cluster(),
                    nodes,
                    convergence,
                    root,
                    new LauncherJars(system, this::findContainingJar),
                    actionTypes::classes,
                    worker);
        }
        jars = new ServedJars(convergence, new MovedLinks(system, convergence, worker), launchers, worker);
    }

    private ShareLibFiles files() {
        return new ShareLibFiles(
                system, mappingFile, actionTypes.configurationNames(), System::currentTimeMillis, worker);
    }

    /** Without {@code fail.fast.on.startup} a file system that is away delays the start no longer than an update, and is asked again. */
    private void loadFirst(boolean failFast) throws IOException {
        update.start();
        String problem = new FirstLoad(convergence, launchers, worker)
                .problem(failFast, node.config().sharelibUpdateTimeoutMs());
        if (problem.isEmpty()) {
            return;
        }
        if (failFast) {
            throw new IOException(problem + " [" + FAIL_FAST_ON_STARTUP + " = true]");
        }
        LOG.warn("This server starts without a sharelib and goes on trying: {}", problem);
    }

    private void startPurge(Configuration conf) {
        Purge purge = new Purge(
                node.cluster(),
                node.leadership(),
                nodes,
                files(),
                new UnfinishedActionRows(),
                DAY_MS * ConfigurationService.getInt(conf, LAUNCHERJAR_LIB_RETENTION),
                DAY_MS * ConfigurationService.getInt(conf, PURGE_INTERVAL),
                System::currentTimeMillis);
        purger.every(PURGE_FIRST_MS, PURGE_EVERY_MS, purge::run);
    }

    private ShareLibContent served() {
        return convergence.loaded().map(Loaded::content).orElse(null);
    }

    @Override
    public Map<String, String> updateShareLib() throws IOException {
        return new UpdateCommand(convergence, update, worker, System::nanoTime)
                .run(node.config().sharelibUpdateTimeoutMs());
    }

    @Override
    public List<Path> getShareLibJars(String key) throws IOException {
        return jars.of(key);
    }

    @Override
    public List<Path> getSystemLibJars(String key) throws IOException {
        return jars.ofSystem(key);
    }

    @Override
    public Path getShareLibRootPath() throws IOException {
        ShareLibContent content = jars.begin();
        return content == null || !mappingFile.isEmpty()
                ? getLatestLibPath(root, SHARE_LIB_PREFIX)
                : new Path(content.listing().path());
    }

    /** The directory with the latest time in its name, published or not; the given one if none has a time. */
    @Override
    public Path getLatestLibPath(Path directory, String prefix) throws IOException {
        Path latest = directory;
        long latestMs = 0;
        for (FileStatus status : system.home().listStatus(directory)) {
            String name = status.getPath().getName();
            long timeMs = name.startsWith(prefix) ? DirectoryName.timeMs(name).orElse(0L) : 0;
            if (timeMs > latestMs) {
                latestMs = timeMs;
                latest = status.getPath();
            }
        }
        return latest;
    }

    /** Also a line for each server, which {@code oozie admin -shareliblist} prints. */
    @Override
    public Map<String, List<Path>> getShareLib() {
        Map<String, List<Path>> shown = new LinkedHashMap<>();
        ShareLibContent content = served();
        if (content != null) {
            shown.putAll(content.files());
        }
        versions.lines().forEach(line -> shown.put(line, Collections.emptyList()));
        return shown;
    }

    @Override
    public Configuration getShareLibConf(String key, Path path) {
        return getShareLibConfigMap().getOrDefault(key, Collections.emptyMap()).get(path);
    }

    @Override
    public Map<String, Map<Path, Configuration>> getShareLibConfigMap() {
        return jars.configurations();
    }

    @Override
    public FileSystem getFileSystem() {
        try {
            return system.home();
        } catch (IOException e) {
            throw ServedJars.tryAgain(e);
        }
    }

    @Override
    public void instrument(Instrumentation instrumentation) {
        new ShareLibMetrics(root, mappingFile, this::served, versions)
                .addTo(instrumentation, launchers == null ? () -> "(none)" : launchers::path);
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
        close();
    }

    private void close() {
        if (convergence != null) {
            convergence.stop();
        }
        if (update != null) {
            update.stop();
        }
        if (purger != null) {
            purger.close();
        }
        if (worker != null) {
            worker.close();
        }
        if (system != null) {
            try {
                system.close();
            } catch (IOException e) {
                LOG.info("The sharelib's file system was not closed: {}", e.getMessage());
            }
        }
    }

    @Override
    public Class<? extends Service> getInterface() {
        return ShareLibService.class;
    }
}
