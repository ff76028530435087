package org.oozieha.log;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.oozieha.http.PeerClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the log of a job from all servers.
 *
 * <p>Guarantee: the answer holds every line of every server in time order, or names the server whose part is missing, with the
 * reason: at the top if it is known before the first line goes out, else where the part breaks off. Output begins when each
 * server has given its first line, failed, or had {@code totalMs} of the client's timeouts; later no server is waited for longer
 * than that. Per server and request about half a million characters are held in memory and, of another server, at most 256 MiB in
 * {@code java.io.tmpdir}. Thread-safe.
 */
public final class JobLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.log");

    private static final int HELD_IN_MEMORY = 1 << 19;
    private static final long HELD_ON_DISK = 256L << 20;

    private final String self;
    private final PeerClient peers;
    private final DepartedServers departed;
    private final LongFunction<LineBuffer> buffers;
    private final ExecutorService localReaders;

    public JobLog(String self, PeerClient peers, DepartedServers departed) {
        this(self, peers, departed, diskBytes -> new LineBuffer(HELD_IN_MEMORY, diskBytes));
    }

    JobLog(String self, PeerClient peers, DepartedServers departed, LongFunction<LineBuffer> buffers) {
        this.self = self;
        this.peers = peers;
        this.departed = departed;
        this.buffers = buffers;
        AtomicLong number = new AtomicLong();
        // one per request, and requests are bounded by the threads of the HTTP server
        this.localReaders =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), r -> {
                    Thread thread = new Thread(r, "oozie-ha-log-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Writes the whole log.
     *
     * @param others id to base URL of the other servers
     * @param local this server's part
     * @param header plain text that goes first
     * @param flushLength characters after which {@code out} is flushed
     * @throws IOException if {@code out} fails
     */
    public void stream(
            JobLogRequest request,
            Map<String, String> others,
            LocalPart local,
            String header,
            int flushLength,
            Writer out)
            throws IOException {
        List<LogSource> sources = new ArrayList<>();
        try {
            open(request, others, local, sources);
            long patienceMs = peers.timeouts().totalMs();
            LogMerge merge =
                    new LogMerge(patienceMs, request.limit(), flushLength, part -> warn(request, "breaks off", part));
            List<MissingPart> missing = merge.open(sources);
            for (MissingPart part : missing) {
                warn(request, "is missing", part);
            }
            String top = Notice.escape(header)
                    + Notice.unreachable(missing)
                    + (departed.isComplete() ? "" : Notice.departedUnknown())
                    + Notice.departed(departed.since(request.jobStartMs()));
            if (!top.isEmpty()) {
                out.write(top);
            }
            merge.writeTo(out);
            out.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the log was collected");
        } finally {
            for (LogSource source : sources) {
                source.close();
            }
        }
    }

    /** Ends the threads that read files as soon as their requests end. */
    @Override
    public void close() {
        localReaders.shutdownNow();
    }

    private void open(JobLogRequest request, Map<String, String> others, LocalPart local, List<LogSource> sources) {
        String resource = request.resource();
        Map<String, String> all = new TreeMap<>(others);
        all.put(self, "");
        for (Map.Entry<String, String> server : all.entrySet()) {
            String id = server.getKey();
            if (id.equals(self)) {
                sources.add(openLocal(local));
            } else {
                sources.add(new PeerLog(id, server.getValue(), resource, peers, buffers.apply(HELD_ON_DISK)));
            }
        }
    }

    private LogSource openLocal(LocalPart part) {
        LineBuffer buffer = buffers.apply(0);
        LocalLog local = new LocalLog(self, part, peers.timeouts().totalMs(), buffer);
        try {
            localReaders.execute(local);
        } catch (RejectedExecutionException e) {
            buffer.fail("this server is stopping");
        }
        return local;
    }

    /** Without the form that would put this line into the very log that is being read. */
    private static void warn(JobLogRequest request, String what, MissingPart part) {
        LOG.warn(
                "A part of a job's log {}: job={} server={} reason={}",
                what,
                request.jobId(),
                part.server(),
                part.reason());
    }
}
