package org.oozieha.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.WatchedDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells {@link DepartedServers} who left while this server was not there to see it: all that ever had an incarnation and are no
 * members now.
 *
 * <p>Guarantee: the time told is not before the departure, by the clock of the server that recorded it ({@link DepartureRecord}): each
 * records what it sees leave and what it finds gone. On failure it is tried again until it succeeds; where the record alone fails, the
 * time of this server's look is told. Not known are stock servers, and who left before the coordination service's data was wiped.
 * Thread-safe; all waiting is on the given thread.
 */
public final class PastDepartures implements ClusterListener {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.log");
    private static final long UNREADABLE = -1;
    private static final long WAIT_MS = 2_000;
    private static final long RETRY_MS = 5_000;

    private final Cluster cluster;
    private final DepartedServers departed;
    private final LongSupplier clockMs;
    private final ScheduledExecutorService thread;
    private final DepartureRecord record;
    private final AtomicBoolean due = new AtomicBoolean();
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile WatchedDirectory incarnations;
    private boolean failing;

    /**
     * @param clockMs wall clock, milliseconds since the epoch
     * @param thread a single one; its shutdown ends this
     */
    public PastDepartures(
            Cluster cluster, DepartedServers departed, LongSupplier clockMs, ScheduledExecutorService thread) {
        this.cluster = cluster;
        this.departed = departed;
        this.clockMs = clockMs;
        this.thread = thread;
        this.record = new DepartureRecord(cluster);
    }

    /** Returns when the servers have been told, at the latest after that time; the rest goes on in the background. */
    public void start(long waitMs) {
        incarnations = cluster.directory("/ha/incarnations");
        incarnations.onChange(() -> look(0));
        look(0);
        try {
            if (!told.await(waitMs, TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "It is not known yet which servers left before this one started; job logs will say so until it is");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void membersChanged(Members before, Members after) {
        if (!after.departedSince(before).isEmpty()) {
            look(0);
        }
    }

    private void look(long delayMs) {
        if (incarnations != null && due.compareAndSet(false, true)) {
            try {
                thread.schedule(this::lookNow, delayMs, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopping) {
                LOG.debug("Departed servers are not looked for, this server is stopping");
            }
        }
    }

    private void lookNow() {
        due.set(false);
        Map<String, byte[]> numbers = incarnations.entries();
        if (!numbers.containsKey(cluster.self().id())) {
            return; // not listed yet: the listing calls again
        }
        try {
            // after the numbers, or one that has just come would have a number and be no member
            Set<String> present = DepartedServers.ids(cluster.readMembers(WAIT_MS));
            List<Incarnation> gone = new ArrayList<>();
            numbers.forEach((server, number) -> {
                if (!present.contains(server)) {
                    gone.add(Incarnation.of(server, number(server, number)));
                }
            });
            tell(gone);
            failing = false;
        } catch (ClusterUnavailableException e) {
            if (!failing) {
                failing = true;
                LOG.warn(
                        "The servers that left cannot be looked up or recorded, it is tried again: {}", e.getMessage());
            }
            look(RETRY_MS);
        }
    }

    private void tell(List<Incarnation> gone) throws ClusterUnavailableException {
        long now = clockMs.getAsLong();
        Map<Incarnation, Long> latestMs = new LinkedHashMap<>();
        gone.forEach(incarnation -> latestMs.put(incarnation, now));
        try {
            for (Incarnation incarnation : gone) {
                if (incarnation.number() != UNREADABLE) {
                    long foundMs = departed.seenLeaving(incarnation).orElse(now);
                    latestMs.put(incarnation, record.leftBy(incarnation, foundMs));
                }
            }
        } finally {
            departed.leftUnseen(latestMs, cluster::members);
            told.countDown();
        }
    }

    private static long number(String server, byte[] data) {
        String text = new String(data, US_ASCII);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException damaged) {
            LOG.warn("The incarnation number of a server that left cannot be read: server={} found='{}'", server, text);
            return UNREADABLE;
        }
    }
}
