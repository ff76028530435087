package org.oozieha.service;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.command.XCommand;
import org.apache.oozie.service.CallableQueueService;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.RecoveryService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.Services;
import org.apache.oozie.util.Instrumentable;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.config.OperatorSettings;
import org.oozieha.takeover.ErrorSpell;
import org.oozieha.takeover.LastTakeovers;
import org.oozieha.takeover.Scan;
import org.oozieha.takeover.TakeoverRecord;
import org.oozieha.takeover.TakeoverSettings;
import org.oozieha.takeover.Takeovers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks up the work of a server that is gone as soon as that is known; in {@code oozie.services.ext} it takes the place of Oozie's
 * RecoveryService, whose periodic scan goes on beside it.
 *
 * <p>Guarantee: when a server left the partition, when this one became ACTIVE or has its lease back, and when errors of the database that
 * this server met have stopped, all work in flight that this server owns now is queued: started jobs, actions between two commands however old, due retries at their time, running actions whose end may
 * have been told to the dead server, coordinators and bundles. On failure: what cannot be read is read again for ten minutes, then left
 * to the periodic scan. A second pick-up is harmless: each command looks again under its job's lock. Thread-safe.
 *
 * <p>Source: Oozie 5.2.1's RecoveryService, which finds such work after minutes, and never that of jobs older than about seven days.
 */
public class HARecoveryService extends RecoveryService implements Instrumentable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.takeover");
    private static final String LAST = "/ha/takeovers";
    private static final String REQUEUE_DELAY_MS = "2000";

    private final AtomicLong count = new AtomicLong();
    private final AtomicLong jobs = new AtomicLong();
    private final AtomicLong lastMs = new AtomicLong();
    private HaNode node;
    private ScheduledExecutorService timer;
    private Takeovers takeovers;
    private LastTakeovers last;

    /** Also lowers {@code oozie.command.default.requeue.delay} to 2000 ms unless the operator set it. */
    @Override
    public void init(Services services) {
        Configuration conf = services.getConf();
        if (!OperatorSettings.keys(conf).contains(XCommand.DEFAULT_REQUEUE_DELAY)) {
            conf.set(XCommand.DEFAULT_REQUEUE_DELAY, REQUEUE_DELAY_MS);
        }
        try {
            node = HaNode.of(services);
        } catch (org.apache.oozie.service.ServiceException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        super.init(services);
        timer = DaemonThread.named("oozie-ha-takeover");
        last = new LastTakeovers(node.cluster().value(LAST));
        takeovers = new Takeovers(
                node.cluster(),
                node.partition(),
                new TakeoverSettings(
                                scans(),
                                HARecoveryService::hasRoomFor,
                                this::later,
                                System::nanoTime,
                                System::currentTimeMillis,
                                batchSize())
                        .alsoEachMinute(new WorkflowScans(System::currentTimeMillis).acknowledgedStarts()),
                this::done);
    }

    private static List<Scan> scans() {
        List<Scan> scans = new ArrayList<>(new WorkflowScans(System::currentTimeMillis).all());
        scans.addAll(new CoordinatorScans(System::currentTimeMillis).all());
        scans.addAll(new BundleScans(System::currentTimeMillis).all());
        return scans;
    }

    /** What can wait fills half of the queue at most, what is urgent nine tenths: a full queue drops commands. */
    private static boolean hasRoomFor(int entries, boolean urgent) {
        int size = queueCapacity();
        int room = urgent ? size - size / 10 : size / 2;
        return Services.get().get(CallableQueueService.class).queueSize() + entries <= room;
    }

    /** A quarter of the queue at most, so that a batch finds room in half of it. */
    private int batchSize() {
        return Math.max(1, Math.min(node.config().takeoverBatchSize(), queueCapacity() / 4));
    }

    private static int queueCapacity() {
        return ConfigurationService.getInt(CallableQueueService.CONF_QUEUE_SIZE);
    }

    private void later(long delayMs, Runnable task) {
        try {
            timer.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("Not scheduled, this server is stopping");
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A takeover failed; the rest is left to Oozie's own recovery", e);
        }
    }

    /** Oozie calls this once all services are up. */
    @Override
    public void instrument(Instrumentation instrumentation) {
        variable(instrumentation, "takeover.count", count);
        variable(instrumentation, "takeover.jobs", jobs);
        variable(instrumentation, "takeover.last_ms", lastMs);
        JPAService database = Services.get().get(JPAService.class);
        if (database instanceof FencedJPAService) {
            ((FencedJPAService) database).onVeto(takeovers::recoverSoon);
            ErrorSpell errors = new ErrorSpell(
                    this::later, System::nanoTime, () -> takeovers.recoverShare("database errors ended"));
            ((FencedJPAService) database).onError(errors::seen);
        }
        takeovers.start();
    }

    private static void variable(Instrumentation instrumentation, String name, AtomicLong value) {
        instrumentation.addVariable(HaNode.METRICS, name, (Instrumentation.Variable<Long>) value::get);
    }

    /**
     * Has these jobs looked at in a while by a thread of this service, whoever owns them: their command was cut off. Commits that
     * {@link FencedJPAService} vetoed come here by themselves. Returns at once.
     *
     * @param ids of jobs or of their actions; other keys of locks do no harm
     */
    public void recoverSoon(Collection<String> ids) {
        takeovers.recoverSoon(ids);
    }

    private void done(TakeoverRecord record) {
        count.incrementAndGet();
        jobs.addAndGet(record.jobs());
        lastMs.set(record.tookMs());
        boolean nothingNew =
                record.queued() == 0 && record.causes().stream().allMatch(cause -> cause.startsWith("draining "));
        if (nothingNew) {
            return;
        }
        LOG.info("Takeover done: {}", record);
        try {
            last.add(line(record));
        } catch (ClusterUnavailableException e) {
            LOG.info("The takeover could not be added to the list of the last ones: {}", e.getMessage());
        }
    }

    private String line(TakeoverRecord record) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("began_ms", record.beganAtMs());
        line.put("server", node.cluster().self().id());
        line.put("causes", record.causes());
        line.put("jobs", record.jobs());
        line.put("commands", record.queued());
        line.put("took_ms", record.tookMs());
        line.put("complete", record.isComplete());
        return JsonText.write(line);
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
        if (takeovers != null) {
            takeovers.close();
        }
        if (timer != null) {
            timer.shutdownNow();
        }
        super.destroy();
    }

    @Override
    public Class<? extends Service> getInterface() {
        return RecoveryService.class;
    }
}
