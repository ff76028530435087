package org.oozieha.service;

import java.io.IOException;
import java.io.Writer;
import java.util.Date;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.oozie.service.DagXLogInfoService;
import org.apache.oozie.service.Service;
import org.apache.oozie.service.ServiceException;
import org.apache.oozie.service.Services;
import org.apache.oozie.service.XLogStreamingService;
import org.apache.oozie.util.Instrumentation;
import org.apache.oozie.util.XLogFilter;
import org.apache.oozie.util.XLogStreamer;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.Member;
import org.oozieha.log.DepartedServers;
import org.oozieha.log.JobLog;
import org.oozieha.log.JobLogRequest;
import org.oozieha.log.PastDepartures;

/**
 * Streams the log, error log and audit log of a job from all servers of the cluster, stock ones too.
 *
 * <p>Guarantee: the log is complete, or names the server whose part is missing and why; it answers within a bound whatever the
 * other servers do; it is HTML-escaped once; {@code limit} counts over all servers; {@code allservers=false} gives this server's
 * part only. On failure of this server's own files the others' parts still come. Replaces {@link XLogStreamingService}.
 * Thread-safe.
 */
public class ZKXLogStreamingService extends XLogStreamingService {
    private static final long DEPARTURES_WAIT_MS = 2_000;

    private HaNode node;
    private DepartedServers departed;
    private PastDepartures pastDepartures;
    private ScheduledExecutorService departuresThread;
    private JobLog jobLog;

    @Override
    public void init(Services services) throws ServiceException {
        super.init(services);
        node = HaNode.of(services);
        Cluster cluster = node.cluster();
        departed = new DepartedServers(System::currentTimeMillis);
        jobLog = new JobLog(cluster.self().id(), node.peers(), departed);
        cluster.listen(departed);
        departuresThread = DaemonThread.named("oozie-ha-departures");
        pastDepartures = new PastDepartures(cluster, departed, System::currentTimeMillis, departuresThread);
        cluster.listen(pastDepartures);
        pastDepartures.start(DEPARTURES_WAIT_MS);
    }

    @Override
    public void destroy() {
        if (node != null) {
            node.leave();
        }
        if (jobLog != null) {
            node.cluster().unlisten(pastDepartures);
            node.cluster().unlisten(departed);
            departuresThread.shutdownNow();
            jobLog.close();
        }
        super.destroy();
    }

    @Override
    public Class<? extends Service> getInterface() {
        return XLogStreamingService.class;
    }

    @Override
    public void instrument(Instrumentation instrumentation) {
        super.instrument(instrumentation);
        Instrumentation.Variable<Long> calls = node.peers()::calls;
        Instrumentation.Variable<Long> failures = node.peers()::failures;
        instrumentation.addVariable(HaNode.METRICS, "peer.call", calls);
        instrumentation.addVariable(HaNode.METRICS, "peer.failed", failures);
    }

    @Override
    public void streamLog(XLogStreamer streamer, Date startTime, Date endTime, Writer writer) throws IOException {
        XLogFilter filter = streamer.getXLogFilter();
        Map<String, String[]> parameters = streamer.getRequestParam();
        String jobId = filter.getFilterParams().get(DagXLogInfoService.JOB);
        if (!streamer.isLogEnabled() || jobId == null || !JobLogRequest.asksAllServers(parameters)) {
            streamLog(streamer, startTime, endTime, writer, false);
            return;
        }
        long startMs = startTime == null ? 0 : startTime.getTime();
        JobLogRequest request =
                new JobLogRequest(jobId, streamer.getLogType(), parameters, startMs, filter.getLogLimit());
        try (LocalFiles local = LocalFiles.open(streamer, startTime, endTime)) {
            jobLog.stream(request, otherServers(), local, header(filter), streamer.getBufferLen(), writer);
        }
    }

    private SortedMap<String, String> otherServers() {
        Cluster cluster = node.cluster();
        SortedMap<String, String> urls = new TreeMap<>(cluster.members().stockServers());
        for (Member member : cluster.members().all()) {
            urls.put(member.id(), member.url());
        }
        urls.remove(cluster.self().id());
        return urls;
    }

    private static String header(XLogFilter filter) {
        String truncated = filter.getTruncatedMessage();
        return (truncated == null ? "" : truncated) + (filter.isDebugMode() ? filter.getDebugMessage() : "");
    }
}
