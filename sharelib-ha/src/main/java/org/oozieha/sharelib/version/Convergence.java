package org.oozieha.sharelib.version;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Member;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this server to the published version of the sharelib, and keeps it there.
 *
 * <p>Guarantee: {@link #loaded} changes from one whole version to the next; a version that could not be loaded leaves the last one in
 * place; no directory is taken into use that a purge has condemned. On failure: the attempt is repeated, after 1 to 30 s, and when
 * ZooKeeper is back. Where nothing is published yet, or the published files are gone and no registered server has them loaded, the newest
 * complete version is published.
 *
 * <p>{@link #loaded} may be called from any thread and never waits; everything else runs on the worker.
 *
 * @param <C> the content
 */
public final class Convergence<C extends Content> implements ClusterListener {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sharelib");
    private static final long CHECK_EVERY_MS = 30_000;
    private static final long FIRST_RETRY_MS = 1_000;
    private static final long WAIT_MS = 5_000;
    private static final int ATTEMPTS = 10;

    private final Cluster cluster;
    private final ShareLibNodes nodes;
    private final ContentSource<C> source;
    private final Worker worker;
    private final LongSupplier wallMs;
    private final AtomicBoolean queued = new AtomicBoolean();
    private final Set<String> own = new TreeSet<>();
    private volatile Loaded<C> loaded;
    private volatile String failure = "";
    private volatile boolean mayBePublished = true;
    private ServerRecord record;
    private volatile boolean told;
    private boolean retrying;
    private long retryMs = FIRST_RETRY_MS;

    /** @param wallMs milliseconds since the epoch */
    public Convergence(
            Cluster cluster, ShareLibNodes nodes, ContentSource<C> source, Worker worker, LongSupplier wallMs) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.source = source;
        this.worker = worker;
        this.wallMs = wallMs;
        this.record = ServerRecord.of(cluster.self().id(), cluster.self().startedAtMs());
    }

    /** Follows the published version from here on. */
    public void start() {
        nodes.onPublished(this::soon);
        cluster.listen(this);
        soon();
        worker.after(CHECK_EVERY_MS, this::check);
    }

    public void stop() {
        cluster.unlisten(this);
    }

    /** What this server serves; empty before the first load. */
    public Optional<Loaded<C>> loaded() {
        return Optional.ofNullable(loaded);
    }

    /** Why the last attempt failed; empty if it did not. */
    public String failure() {
        return failure;
    }

    /** False if no version was published when this server last looked. */
    public boolean mayBePublished() {
        return mayBePublished;
    }

    @Override
    public void leaseValid(Incarnation incarnation) {
        soon();
    }

    /** While it was away a leader may have given up its record. */
    @Override
    public void incarnationEnded(Incarnation incarnation) {
        told = false;
    }

    private void check() {
        soon();
        worker.after(CHECK_EVERY_MS, this::check);
    }

    private void soon() {
        if (queued.compareAndSet(false, true)) {
            worker.after(0, () -> {
                queued.set(false);
                converge();
            });
        }
    }

    /** One attempt; on the worker. */
    public void converge() {
        long wanted = 0;
        try {
            Stored<ShareLibVersion> current = nodes.current();
            mayBePublished = current.value() != null;
            if (current.value() == null) {
                publishFirst(current);
            } else {
                wanted = current.value().number();
                follow(current);
            }
            failure = "";
            retryMs = FIRST_RETRY_MS;
        } catch (ClusterUnavailableException e) {
            LOG.debug("The sharelib is looked at again when ZooKeeper is back: {}", e.getMessage());
        } catch (IOException | RuntimeException e) {
            failed(wanted, e);
        }
    }

    private void failed(long wanted, Exception e) {
        String reason = reason(e);
        retryLater();
        boolean known = reason.equals(failure);
        failure = reason;
        if (known && told && record.failedNumber() == wanted) {
            LOG.debug("The sharelib could still not be loaded: {}", reason);
            return;
        }
        LOG.warn("The sharelib could not be loaded, what there was stays: {}", reason);
        try {
            tell(record.failed(wanted, reason, wallMs.getAsLong()));
        } catch (ClusterUnavailableException unavailable) {
            LOG.debug("The failure is told when ZooKeeper is back: {}", unavailable.getMessage());
        }
    }

    private void retryLater() {
        if (!retrying) {
            retrying = true;
            worker.after(retryMs, () -> {
                retrying = false;
                soon();
            });
            retryMs = Math.min(retryMs * 2, CHECK_EVERY_MS);
        }
    }

    static String reason(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void follow(Stored<ShareLibVersion> current) throws IOException, ClusterUnavailableException {
        ShareLibVersion wanted = current.value();
        Loaded<C> now = loaded;
        if (now != null && wanted.isSameAs(now.version())) {
            if (!told || record.isUnsettled()) {
                tell(record.loaded(wanted.number(), now.content().listing(), own, wallMs.getAsLong()));
            }
            return;
        }
        C content;
        try {
            content = source.load(wanted.listing());
        } catch (FileNotFoundException gone) {
            if (now != null) {
                throw gone;
            }
            if (isServedElsewhere(wanted.number())) {
                throw new IOException(
                        wanted
                                + " is not there for this server, and others serve it: do its system libpath, mapping file"
                                + " and file system differ from theirs? " + gone.getMessage(),
                        gone);
            }
            LOG.warn("The published sharelib is gone, the newest one takes its place: {}", wanted);
            publish(current, source.newest(nodes.purge().value().condemned(), false));
            return;
        }
        if (!content.listing().digest().equals(wanted.listing().digest())) {
            if (now != null) {
                throw new IOException("the files of " + wanted + " were changed after it was published, now "
                        + content.listing() + ": run oozie admin -sharelibupdate once they are complete");
            }
            content = source.loadComplete(wanted.listing());
            LOG.warn(
                    "The sharelib's files were changed after it was published: published={} now={}",
                    wanted,
                    content.listing());
        }
        announce(content);
        take(wanted, content);
    }

    private boolean isServedElsewhere(long number) throws ClusterUnavailableException {
        for (Member member : cluster.readMembers(WAIT_MS).all()) {
            ServerRecord told = nodes.record(member.id()).value();
            if (!member.id().equals(cluster.self().id())
                    && told != null
                    && told.isOf(member)
                    && told.number() == number) {
                return true;
            }
        }
        return false;
    }

    private void publishFirst(Stored<ShareLibVersion> current) throws IOException, ClusterUnavailableException {
        Loaded<C> now = loaded;
        C content = now != null
                ? now.content()
                : source.newest(nodes.purge().value().condemned(), false);
        publish(current, content);
    }

    /**
     * Publishes the newest version and takes it; on the worker.
     *
     * @throws IOException nothing was published, with the reason
     * @throws ClusterUnavailableException it may or may not have been published
     */
    public ShareLibVersion publishNewest() throws IOException, ClusterUnavailableException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Stored<ShareLibVersion> current = nodes.currentOrDamaged();
            C content = source.newest(nodes.purge().value().condemned(), true);
            ShareLibVersion published = publish(current, content);
            if (published != null) {
                failure = "";
                return published;
            }
        }
        throw new IOException("other servers published " + ATTEMPTS + " versions meanwhile; see which one won with"
                + " oozie-ha sharelib");
    }

    /** Null if somebody else published meanwhile. */
    private ShareLibVersion publish(Stored<ShareLibVersion> current, C content)
            throws IOException, ClusterUnavailableException {
        announce(content);
        long before = current.value() == null ? 0 : current.value().number();
        long ours = loaded == null ? 0 : loaded.version().number();
        ShareLibVersion next = new ShareLibVersion(
                Math.max(before, ours) + 1, content.listing(), cluster.self().id(), wallMs.getAsLong());
        if (!nodes.publish(current, next)) {
            soon();
            return null;
        }
        LOG.info("Sharelib published: {}", next);
        take(next, content);
        return next;
    }

    private void announce(C content) throws IOException, ClusterUnavailableException {
        Set<String> directories = content.listing().directories();
        tell(record.announcing(directories, wallMs.getAsLong()));
        for (int i = 0; i < ATTEMPTS; i++) {
            Stored<PurgeRecord> purge = nodes.purge();
            Set<String> condemned = purge.value().condemned();
            condemned.retainAll(directories);
            if (!condemned.isEmpty() || !source.arePresent(directories)) {
                tell(record.announcing(Collections.emptySet(), wallMs.getAsLong()));
                throw new IOException(content.listing() + " is being purged"
                        + (condemned.isEmpty() ? "" : ": " + condemned) + "; upload it under a new time");
            }
            if (nodes.countAsUsed(purge, directories)) {
                return;
            }
        }
        throw new IOException("the purge record was changed " + ATTEMPTS + " times while " + content.listing()
                + " was to be taken into use; it is tried again");
    }

    private void take(ShareLibVersion version, C content) throws ClusterUnavailableException {
        loaded = new Loaded<>(version, content);
        LOG.info("Sharelib loaded: {}", version);
        tell(record.loaded(version.number(), content.listing(), own, wallMs.getAsLong()));
    }

    /** Has a directory of this server's own kept for as long as its process is known; on the worker, before it is made. */
    public void keep(String directory) throws ClusterUnavailableException {
        own.add(directory);
        tell(record.using(own, wallMs.getAsLong()));
    }

    private void tell(ServerRecord next) throws ClusterUnavailableException {
        record = next;
        told = false;
        nodes.write(next);
        told = true;
    }
}
