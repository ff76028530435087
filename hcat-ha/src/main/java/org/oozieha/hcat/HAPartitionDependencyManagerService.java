package org.oozieha.hcat;

import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.command.coord.CoordActionUpdatePushMissingDependency;
import org.apache.oozie.command.coord.CoordPushDependencyCheckXCommand;
import org.apache.oozie.dependency.hcat.SimpleHCatDependencyCache;
import org.apache.oozie.service.CallableQueueService;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.PartitionDependencyManagerService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.HCatURI;
import org.apache.oozie.util.Instrumentable;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.config.OperatorSettings;
import org.oozieha.hcat.waiting.Dependency;
import org.oozieha.hcat.waiting.Lookups;
import org.oozieha.hcat.waiting.LookupsByServer;
import org.oozieha.hcat.waiting.Registrations;
import org.oozieha.hcat.waiting.Table;
import org.oozieha.hcat.waiting.Updates;
import org.oozieha.hcat.waiting.Waiters;
import org.oozieha.service.HaNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps coordinator actions that wait for HCatalog partitions registered, whichever server registered them first; in
 * {@code oozie.services.ext} it takes the place of Oozie's PartitionDependencyManagerService.
 *
 * <p>Guarantee: each server has registered the waiting actions of its share, read from the database when it becomes ACTIVE, on every change
 * of the members, when a lapsed lease is valid again, and every ten minutes. What is registered is listened for first, and then looked up in
 * the metastore once, so that no partition passes in between. On failure of the metastore or the database that is done again until it
 * succeeds. An event that reaches several servers makes an action READY once: the command that does it looks under the action's lock.
 *
 * <p>Thread-safe. Source: Oozie 5.2.1's PartitionDependencyManagerService and its caches, which live and die with one server (OOZIE-2693,
 * OOZIE-2781).
 */
public class HAPartitionDependencyManagerService extends PartitionDependencyManagerService implements Instrumentable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");
    private static final long POLL_INTERVAL_MS = 540_000;
    private static final int LOOKUP_THREADS = 4;
    private static final int QUEUE_DELAY_MS = 100;

    private final Waiters waiters = new Waiters();
    private ServerNames names;
    private HaNode node;
    private BackgroundTimer lookupTimer;
    private BackgroundTimer timer;
    private LookupsByServer lookups;
    private Updates updates;
    private Registrations registrations;

    /** Also lowers {@code oozie.service.coord.push.check.requeue.interval} to 540 s unless the operator set it. */
    @Override
    public void init(Services services) throws ServiceException {
        Configuration conf = services.getConf();
        pollBeforeRecovery(conf);
        names = new ServerNames(conf.getBoolean(SimpleHCatDependencyCache.USE_CANONICAL_HOSTNAME, false));
        node = HaNode.of(services);
        timer = new BackgroundTimer("oozie-ha-hcat");
        lookupTimer = new BackgroundTimer("oozie-ha-hcat-lookup", LOOKUP_THREADS);
        updates = new Updates(waiters, HAPartitionDependencyManagerService::queueUpdate, timer);
        RecordedLookup metastore = new RecordedLookup(waiters, new CallBounds(node.config()));
        lookups = new LookupsByServer(() -> new Lookups(
                metastore,
                dependency -> !waiters.waiting(dependency).isEmpty(),
                dependency -> ready(waiters.came(dependency), dependency.table()),
                lookupTimer,
                node.config().hcatCheckBatchSize()));
        registrations = new Registrations(
                node.cluster(),
                node.partition(),
                new RecordedWaiters(),
                waiters,
                this::register,
                this::releaseUnlessWaitedFor,
                timer,
                1_000L * conf.getInt(CACHE_PURGE_INTERVAL, 600));
    }

    /** Oozie calls this once all services are up. */
    @Override
    public void instrument(Instrumentation instrumentation) {
        Instrumentation.Variable<Long> waiting = () -> (long) waiters.actions().size();
        instrumentation.addVariable("ha", "hcat.waiting", waiting);
        if (!accessorOfThePack().isPresent()) {
            LOG.warn(
                    "org.oozieha.hcat.HAHCatAccessorService is not in oozie.services.ext: after an outage of the message broker"
                            + " topics can stay without a listener, and actions wait for the next check of the metastore");
        }
        registrations.start();
    }

    /** At its default of 600 s Oozie's recovery can come first, and skips actions of execution NONE (H2). */
    private static void pollBeforeRecovery(Configuration conf) {
        String key = CoordPushDependencyCheckXCommand.CONF_COORD_PUSH_CHECK_REQUEUE_INTERVAL;
        if (!OperatorSettings.keys(conf).contains(key)) {
            conf.setLong(key, POLL_INTERVAL_MS);
        }
    }

    private Dependency dependency(HCatURI uri) {
        Table table = new Table(names.of(uri.getServer()), uri.getDb(), uri.getTable());
        return new Dependency(table, uri.getPartitionMap(), uri.toURIString());
    }

    @Override
    public void addMissingDependency(HCatURI uri, String actionId) {
        Dependency dependency = dependency(uri);
        boolean isNew = waiters.add(dependency, actionId);
        accessorOfThePack().ifPresent(accessor -> accessor.listenAgain(uri));
        if (isNew) {
            lookups.submit(Collections.singleton(dependency));
        }
    }

    /** As recorded; a URI that is none is passed over. */
    private void register(String uri, String actionId) {
        try {
            addMissingDependency(new HCatURI(uri), actionId);
        } catch (URISyntaxException e) {
            LOG.warn("JOB[{}] Not an HCatalog URI, not registered: uri={} reason={}", actionId, uri, e.getMessage());
        }
    }

    /** True also if the action was not waiting for it: it does not now. */
    @Override
    public boolean removeMissingDependency(HCatURI uri, String actionId) {
        Dependency dependency = dependency(uri);
        waiters.remove(dependency, actionId);
        releaseUnlessWaitedFor(dependency.table());
        return true;
    }

    /** Null if nobody waits for it, as in Oozie. */
    @Override
    public Collection<String> getWaitingActions(HCatURI uri) {
        Set<String> waiting = waiters.waiting(dependency(uri));
        return waiting.isEmpty() ? null : new ArrayList<>(waiting);
    }

    /** Where several metastores announce to the same topic, the message does not say which one it is from, and all of them are asked. */
    @Override
    public void partitionAvailable(String server, String db, String table, Map<String, String> partition) {
        Table named = new Table(names.of(server), db, table);
        if (accessorOfThePack().filter(accessor -> accessor.sharesTopic(named)).isPresent()) {
            lookups.submit(waiters.matching(named, partition));
        } else {
            ready(waiters.came(named, partition), named);
        }
    }

    private void ready(Set<String> actions, Table table) {
        actions.forEach(updates::request);
        releaseUnlessWaitedFor(table);
    }

    private static void queueUpdate(String actionId) {
        Services services = Services.get();
        CallableQueueService queue = services == null ? null : services.get(CallableQueueService.class);
        if (queue != null) {
            queue.queue(new CoordActionUpdatePushMissingDependency(actionId), QUEUE_DELAY_MS);
        }
    }

    /** Looks up again what is waited for in a table: it was not listened to for a while. */
    void listening(Table table) {
        lookups.submit(waiters.of(table));
    }

    boolean isWaitedFor(Table table) {
        return waiters.isWaitedFor(table);
    }

    private void releaseUnlessWaitedFor(Table table) {
        if (!waiters.isWaitedFor(table)) {
            accessor()
                    .ifPresent(accessor ->
                            accessor.unregisterFromNotification(table.server(), table.database(), table.name()));
        }
    }

    /** Empty when this server stops, or if there is none. */
    private static Optional<HCatAccessorService> accessor() {
        return Optional.ofNullable(Services.get()).map(services -> services.get(HCatAccessorService.class));
    }

    private static Optional<HAHCatAccessorService> accessorOfThePack() {
        return accessor().filter(HAHCatAccessorService.class::isInstance).map(HAHCatAccessorService.class::cast);
    }

    /** Null if nothing came, as in Oozie. */
    @Override
    public Collection<String> getAvailableDependencyURIs(String actionId) {
        List<String> available = waiters.available(actionId);
        return available.isEmpty() ? null : available;
    }

    @Override
    public boolean removeAvailableDependencyURIs(String actionId, Collection<String> uris) {
        return waiters.take(actionId, uris);
    }

    @Override
    public void removeCoordActionWithDependenciesAvailable(String actionId) {
        waiters.remove(actionId).forEach(this::releaseUnlessWaitedFor);
    }

    /** Compares what is registered with the database now. */
    @Override
    public void runCachePurgeWorker() {
        registrations.request("asked");
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
        if (registrations != null) {
            registrations.close();
        }
        if (lookups != null) {
            lookups.close();
        }
        if (lookupTimer != null) {
            lookupTimer.close();
        }
        if (timer != null) {
            timer.close();
        }
    }

    @Override
    public Class<? extends Service> getInterface() {
        return PartitionDependencyManagerService.class;
    }
}
