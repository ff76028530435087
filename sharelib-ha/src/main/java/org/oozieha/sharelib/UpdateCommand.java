package org.oozieha.sharelib;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.oozieha.sharelib.version.ClusterUpdate;
import org.oozieha.sharelib.version.Convergence;
import org.oozieha.sharelib.version.Loaded;
import org.oozieha.sharelib.version.ShareLibVersion;
import org.oozieha.sharelib.version.UpdateTable;

/** What {@code oozie admin -sharelibupdate} does: publishes the newest sharelib and waits until all servers have it. Thread-safe. */
final class UpdateCommand {
    private final Convergence<ShareLibContent> convergence;
    private final ClusterUpdate update;
    private final FileSystemWorker worker;
    private final LongSupplier nanos;

    /** @param nanos monotonic clock, nanoseconds */
    UpdateCommand(
            Convergence<ShareLibContent> convergence,
            ClusterUpdate update,
            FileSystemWorker worker,
            LongSupplier nanos) {
        this.convergence = convergence;
        this.update = update;
        this.worker = worker;
        this.nanos = nanos;
    }

    /**
     * Answers as stock Oozie does, with a line for each server besides.
     *
     * @throws IOException nothing was published, or not every ACTIVE server has loaded it in time; the message says which
     */
    Map<String, String> run(long timeoutMs) throws IOException {
        long end = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        Collection<String> before = update.registered();
        ShareLibContent old = convergence.loaded().map(Loaded::content).orElse(null);
        ShareLibVersion version = worker.within(timeoutMs, convergence::publishNewest, "publish the newest sharelib");
        UpdateTable table = await(version, before, end);
        StringBuilder lines = new StringBuilder(version.toString());
        table.lines()
                .forEach((server, line) ->
                        lines.append("\n\t\t").append(server).append(": ").append(line));
        if (!table.isComplete()) {
            throw new IOException("not every server has loaded " + lines);
        }
        Map<String, String> answer = new LinkedHashMap<>(StockAnswer.of(old, version.listing()));
        answer.put("cluster", lines.toString());
        return answer;
    }

    private UpdateTable await(ShareLibVersion version, Collection<String> before, long endNanos) throws IOException {
        try {
            return update.await(version, before, endNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(version + " is published; stopped while waiting for the servers");
        }
    }
}
