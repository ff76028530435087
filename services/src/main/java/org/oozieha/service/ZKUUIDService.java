package org.oozieha.service;

import java.security.SecureRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.UUIDService;
import org.apache.oozie.util.Instrumentable;
import org.apache.oozie.util.Instrumentation;
import org.oozieha.cluster.Cluster;
import org.oozieha.id.HighWaterMark;
import org.oozieha.id.JobNumber;
import org.oozieha.id.JobNumbers;
import org.oozieha.id.SequenceBlocks;
import org.oozieha.id.StartTimes;

/**
 * Gives out job ids that no other server gives out too: over a wrap of the sequence, a ZooKeeper outage or wipe, a crash, a clock step.
 *
 * <p>The form is stock's: {@code <7 digits>-<yyMMddHHmmssSSS>-<system id>-<W|C|B>}, the time in UTC. The random generator
 * ({@code oozie.service.UUIDService.generator=random}) is stock's own. On failure: while ZooKeeper is away ids come from this server's
 * reserve, see metric {@code ids.reserve}: how many are left in it; an id waits two seconds at most. Replaces {@link UUIDService}.
 * Thread-safe.
 */
public class ZKUUIDService extends UUIDService implements Instrumentable {
    private static final String SEQUENCE = "/job_id_sequence";
    private static final String LAST_START = "/ha/idstart";
    private static final long WAIT_MS = 2_000;
    private static final long REFRESH_MS = 1_000;
    private static final long STOP_MS = 5_000;

    private HaNode node;
    private ScheduledExecutorService background;
    private JobNumbers numbers;

    @Override
    public void init(Services services) throws ServiceException {
        super.init(services);
        if ("random"
                .equals(ConfigurationService.get(services.getConf(), CONF_GENERATOR)
                        .trim())) {
            return;
        }
        node = HaNode.of(services);
        Cluster cluster = node.cluster();
        background = DaemonThread.named("oozie-ha-ids");
        HighWaterMark recorded = new RecordedJobs();
        numbers = new JobNumbers(
                new StartTimes(
                        cluster.value(LAST_START), recorded, System::currentTimeMillis, new SecureRandom(), WAIT_MS),
                new SequenceBlocks(
                        cluster.value(SEQUENCE),
                        recorded,
                        node.config().idBlockSize(),
                        node.config().jobIdSequenceMax(),
                        WAIT_MS),
                background,
                () -> cluster.lease().isValid(),
                System::nanoTime,
                WAIT_MS);
        cluster.listen(numbers);
        background.scheduleWithFixedDelay(numbers::refresh, 0, REFRESH_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void instrument(Instrumentation instrumentation) {
        if (numbers != null) {
            Instrumentation.Variable<Long> reserve = numbers::reserveLeft;
            instrumentation.addVariable(HaNode.METRICS, "ids.reserve", reserve);
            numbers.refresh();
        }
    }

    @Override
    protected String createSequence() {
        JobNumber next = numbers.next();
        return appendTimeToSequence(next.number(), next.startTime().toString());
    }

    /** Stock's would switch to random ids for requests that still come in; here they are refused. */
    @Override
    public void destroy() {
        if (node == null) {
            super.destroy();
            return;
        }
        node.leave();
        node.cluster().unlisten(numbers);
        numbers.close();
        background.shutdownNow();
        try {
            background.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
