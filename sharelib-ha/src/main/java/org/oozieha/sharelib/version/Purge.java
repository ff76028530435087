package org.oozieha.sharelib.version;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Leadership;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes directories that nobody needs any more.
 *
 * <p>Guarantee: only the leader deletes; a directory stays while any registered server has it loaded or announced, while it is the
 * published or the newest one, until the retention time since its upload is over, and until every action that was created before a
 * leader first saw it unused has ended. What a server used that is gone counts as used for the retention time, at least a day. On
 * failure, also a crash between any two steps: nothing is lost, and the next pass, on whichever server, goes on.
 *
 * <p>Waits for ZooKeeper, the file system and the database: one thread, not the event thread.
 */
public final class Purge {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sharelib");
    private static final long WAIT_MS = 5_000;
    private static final long CLOCKS_DIFFER_MS = 10 * 60_000L;
    private static final long DAY_MS = 24 * 60 * 60_000L;

    private final Cluster cluster;
    private final Leadership leadership;
    private final ShareLibNodes nodes;
    private final PurgeTarget target;
    private final UnfinishedActions actions;
    private final long retentionMs;
    private final long everyMs;
    private final LongSupplier wallMs;

    /**
     * @param retentionMs how long a directory stays after its upload
     * @param everyMs time between two purges of the cluster
     * @param wallMs milliseconds since the epoch
     */
    public Purge(
            Cluster cluster,
            Leadership leadership,
            ShareLibNodes nodes,
            PurgeTarget target,
            UnfinishedActions actions,
            long retentionMs,
            long everyMs,
            LongSupplier wallMs) {
        this.cluster = cluster;
        this.leadership = leadership;
        this.nodes = nodes;
        this.target = target;
        this.actions = actions;
        this.retentionMs = retentionMs;
        this.everyMs = everyMs;
        this.wallMs = wallMs;
    }

    /** One pass; does nothing where this server does not lead. */
    public void run() {
        if (!leadership.isLeader()) {
            return;
        }
        try {
            pass();
        } catch (ClusterUnavailableException e) {
            LOG.info("The sharelib is purged another time: {}", e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.warn("The sharelib could not be purged, the next pass goes on: {}", Convergence.reason(e));
        }
    }

    private void pass() throws IOException, ClusterUnavailableException {
        long now = wallMs.getAsLong();
        Set<String> launchers = nodes.launchers();
        Stored<PurgeRecord> stored = nodes.purge();
        Needs needs = needs(stored.value(), now);
        if (needs.everything != null) {
            LOG.info("No sharelib directory is purged: {}", needs.everything);
            return;
        }
        Map<String, Long> directories = target.directories();
        for (String launcher : launchers) {
            if (!directories.containsKey(launcher) && !needs.isNeeded(launcher)) {
                nodes.removeLauncher(launcher);
            }
        }
        PurgeRecord seen = observe(stored.value(), directories, needs, now);
        stored = nodes.replace(stored, seen);
        if (stored == null || now - seen.lastMs() < everyMs && seen.condemned().isEmpty()) {
            return;
        }
        for (String directory : stored.value().known()) {
            if (isDue(stored.value(), directory, directories.get(directory), now)) {
                stored = delete(stored, directory);
                if (stored == null) {
                    return;
                }
            }
        }
        LOG.info(
                "Sharelib purged: directories={} unused={}",
                directories.size(),
                stored.value().known());
        nodes.replace(stored, stored.value().purgedAt(now));
    }

    /** Notes what became unused, and forgets what is used again or gone. */
    private PurgeRecord observe(PurgeRecord record, Map<String, Long> directories, Needs needs, long now) {
        PurgeRecord next = record.withGone(needs.goneSinceMs);
        Set<String> forget = new TreeSet<>();
        for (String directory : record.known()) {
            boolean doomed = record.state(directory) == PurgeRecord.State.DELETING;
            if (!doomed && (needs.isNeeded(directory) || !directories.containsKey(directory))) {
                forget.add(directory);
            }
        }
        next = next.without(forget);
        String newest = newest(directories);
        for (String directory : directories.keySet()) {
            if (next.state(directory) == null && !needs.isNeeded(directory) && !directory.equals(newest)) {
                next = next.with(directory, PurgeRecord.State.UNUSED, now);
            }
        }
        return newest == null || next.state(newest) != PurgeRecord.State.UNUSED
                ? next
                : next.without(Collections.singleton(newest));
    }

    private String newest(Map<String, Long> directories) {
        return directories.entrySet().stream()
                .filter(directory -> !target.isLauncher(directory.getKey()))
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private boolean isDue(PurgeRecord record, String directory, Long uploadedMs, long now) {
        if (record.state(directory) != PurgeRecord.State.UNUSED) {
            return true;
        }
        long settled = record.unusedSinceMs(directory) + CLOCKS_DIFFER_MS;
        if (uploadedMs == null || now - uploadedMs < retentionMs || now < settled) {
            return false;
        }
        Optional<String> unfinished = actions.createdUntil(settled);
        unfinished.ifPresent(action ->
                LOG.info("A sharelib directory is kept for an action: directory={} action={}", directory, action));
        return !unfinished.isPresent();
    }

    /** Null if another leader is at work, or this one leads no more. */
    private Stored<PurgeRecord> delete(Stored<PurgeRecord> stored, String directory)
            throws ClusterUnavailableException {
        long since = stored.value().unusedSinceMs(directory);
        Stored<PurgeRecord> next = stored;
        if (next.value().state(directory) != PurgeRecord.State.DELETING) {
            next = nodes.replace(next, next.value().with(directory, PurgeRecord.State.CONDEMNED, since));
            if (next == null) {
                return null;
            }
            if (needs(next.value(), wallMs.getAsLong()).isNeeded(directory)) {
                LOG.info("A sharelib directory is in use again: directory={}", directory);
                return nodes.replace(next, next.value().without(Collections.singleton(directory)));
            }
            if (!leadership.isLeader()) {
                return null;
            }
            next = nodes.replace(next, next.value().with(directory, PurgeRecord.State.DELETING, since));
            if (next == null) {
                return null;
            }
        }
        if (!leadership.isLeader()) {
            return null;
        }
        try {
            target.delete(directory);
        } catch (IOException e) {
            LOG.warn(
                    "A sharelib directory could not be deleted, the next pass tries again: directory={} {}",
                    directory,
                    Convergence.reason(e));
            return next;
        }
        LOG.info("Sharelib directory deleted: directory={} unused_since_ms={}", directory, since);
        if (target.isLauncher(directory)) {
            nodes.removeLauncher(directory);
        }
        return nodes.replace(next, next.value().without(Collections.singleton(directory)));
    }

    /** What is needed, read after everything that was announced before this call. */
    private Needs needs(PurgeRecord record, long now) throws ClusterUnavailableException {
        Members members = cluster.readMembers(WAIT_MS);
        Needs needs = new Needs();
        if (members.stockPresent()) {
            needs.everything = "stock servers do not say what they use";
            return needs;
        }
        ShareLibVersion current = nodes.current().value();
        if (current != null) {
            needs.directories.addAll(current.listing().directories());
        }
        for (Member member : members.all()) {
            ServerRecord told = nodes.record(member.id()).value();
            if (told == null) {
                needs.everything = member.id() + " has not said yet what it uses";
            } else {
                needs.directories.addAll(told.needs());
            }
        }
        Set<String> others = new TreeSet<>(nodes.watchedRecords().keySet());
        members.all().forEach(member -> others.remove(member.id()));
        for (String gone : others) {
            addGone(needs, gone, record.goneSinceMs().getOrDefault(gone, now), now);
        }
        return needs;
    }

    private void addGone(Needs needs, String server, long sinceMs, long now) throws ClusterUnavailableException {
        Stored<ServerRecord> told = nodes.record(server);
        if (told.value() == null) {
            return;
        }
        if (now - sinceMs > Math.max(retentionMs, DAY_MS)) {
            LOG.info("A server is gone for good, what it used is free: server={} gone_since_ms={}", server, sinceMs);
            nodes.remove(told);
        } else {
            needs.directories.addAll(told.value().needs());
            needs.goneSinceMs.put(server, sinceMs);
        }
    }

    private static final class Needs {
        private final Set<String> directories = new TreeSet<>();
        private final Map<String, Long> goneSinceMs = new TreeMap<>();
        private String everything;

        private boolean isNeeded(String directory) {
            return everything != null || directories.contains(directory);
        }
    }
}
