package org.oozieha.takeover;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.oozieha.cluster.Cluster;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerState;
import org.oozieha.partition.Partition;

/**
 * Decides when recovery runs on this server, and for what.
 *
 * <p>Guarantee: a run over the whole share this server owns follows when a server left the partition (drained, stopped or gone; also one
 * with stock services), when this server became ACTIVE, and when its lapsed lease is valid again; causes that come together share a run,
 * one that comes during a run starts it again from the beginning. While a server drains, runs follow one another. A job given to {@link #recoverSoon} is looked at whoever owns it.
 *
 * <p>On failure a run repeats what failed until its time limit. While the lease has lapsed this server owns nothing and queues nothing.
 * Thread-safe; no call blocks; runs happen on the timer's thread only.
 */
public final class Takeovers implements ClusterListener, AutoCloseable {
    static final long OVERLOOKED_EVERY_MS = 60_000;
    static final long VETOED_AFTER_MS = 2_000;
    static final long DRAINING_AGAIN_MS = 2_000;

    private final Cluster cluster;
    private final Partition partition;
    private final TakeoverSettings settings;
    private final Consumer<TakeoverRecord> done;
    private final Set<String> causes = new LinkedHashSet<>();
    private final Set<String> vetoed = new TreeSet<>();
    private TakeoverRun running;
    private boolean asked;
    private boolean lapsed;
    private boolean closed;

    /** @param done told about each run on the timer's thread */
    public Takeovers(Cluster cluster, Partition partition, TakeoverSettings settings, Consumer<TakeoverRecord> done) {
        this.cluster = cluster;
        this.partition = partition;
        this.settings = settings;
        this.done = done;
    }

    /** From now on causes are followed by runs; if this server is ACTIVE already, one follows at once. */
    public void start() {
        cluster.listen(this);
        if (isActive(cluster.members())) {
            request("active " + cluster.self().id());
        }
        if (settings.hasOverlooked()) {
            settings.timer.after(OVERLOOKED_EVERY_MS, this::lookForOverlooked);
        }
    }

    private void lookForOverlooked() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        List<String> why = Collections.singletonList("overlooked");
        new TakeoverRun(settings.forOverlooked(), partition::owns, why, Collections.emptySet(), false, run -> {
                    if (run.record().queued() > 0) {
                        done.accept(run.record());
                    }
                    settings.timer.after(OVERLOOKED_EVERY_MS, this::lookForOverlooked);
                })
                .step();
    }

    @Override
    public void membersChanged(Members before, Members after) {
        for (String cause : causes(before, after)) {
            request(cause);
        }
    }

    private List<String> causes(Members before, Members after) {
        List<String> found = new ArrayList<>();
        for (Member earlier : before.all()) {
            boolean out = after.find(earlier.id())
                    .filter(now -> now.incarnation().equals(earlier.incarnation()) && mayWork(now))
                    .map(now -> false)
                    .orElse(mayWork(earlier) || !after.contains(earlier.incarnation()));
            if (out && !earlier.id().equals(cluster.self().id())) {
                found.add((after.contains(earlier.incarnation()) ? "left " : "departed ") + earlier.incarnation());
            }
        }
        for (String stock : before.stockServers().keySet()) {
            if (!after.stockServers().containsKey(stock)) {
                found.add("departed " + stock + " (stock)");
            }
        }
        if (isActive(after) && !isActive(before)) {
            found.add("active " + cluster.self().id());
        }
        return found;
    }

    private static boolean mayWork(Member member) {
        return member.state() == ServerState.ACTIVE || member.state() == ServerState.JOINING;
    }

    private boolean isActive(Members members) {
        return members.find(cluster.self().id())
                .filter(self -> self.state() == ServerState.ACTIVE)
                .isPresent();
    }

    @Override
    public synchronized void leaseLapsed(Incarnation incarnation) {
        lapsed = true;
    }

    @Override
    public synchronized void incarnationEnded(Incarnation incarnation) {
        lapsed = true;
    }

    @Override
    public synchronized void leaseValid(Incarnation incarnation) {
        if (lapsed) {
            lapsed = false;
            request("lease valid " + incarnation);
        }
    }

    /** Looks at these jobs in a while, on the timer's thread: their command was cut off here. Actions' ids count for their job. */
    public synchronized void recoverSoon(Collection<String> ids) {
        boolean first = vetoed.isEmpty();
        ids.forEach(id -> vetoed.add(TakeoverRun.jobOf(id)));
        if (first && !vetoed.isEmpty() && !closed) {
            settings.timer.after(VETOED_AFTER_MS, this::recoverVetoed);
        }
    }

    private void recoverVetoed() {
        Set<String> jobs;
        synchronized (this) {
            jobs = new LinkedHashSet<>(vetoed);
            vetoed.clear();
            if (closed) {
                return;
            }
        }
        List<String> why = Collections.singletonList("vetoed");
        Predicate<String> vetoedHere = id -> jobs.contains(TakeoverRun.jobOf(id));
        new TakeoverRun(settings, vetoedHere, why, jobs, false, run -> done.accept(run.record())).step();
    }

    /** Looks at this server's whole share, on the timer's thread. */
    public void recoverShare(String cause) {
        request(cause);
    }

    private synchronized void request(String cause) {
        causes.add(cause);
        if (!asked && !closed) {
            asked = true;
            settings.timer.after(0, this::begin);
        }
    }

    private void begin() {
        TakeoverRun first = null;
        synchronized (this) {
            asked = false;
            if (closed) {
                return;
            }
            if (running != null && running.isUrgentOnly()) {
                running.cancel();
                running = null;
            }
            if (running == null) {
                first = new TakeoverRun(settings, partition::owns, causes, Collections.emptySet(), false, this::ended);
                running = first;
            } else {
                running.restart(causes);
            }
            causes.clear();
        }
        if (first != null) {
            first.step();
        }
    }

    /** What a draining server finishes after the run is followed by commands it does not queue any more. */
    private void ended(TakeoverRun run) {
        synchronized (this) {
            running = null;
            if (!closed && !draining(cluster.members()).isEmpty()) {
                settings.timer.after(DRAINING_AGAIN_MS, this::followDraining);
            }
        }
        done.accept(run.record());
    }

    private synchronized void followDraining() {
        if (running == null && !asked && !closed) {
            List<String> why = new ArrayList<>();
            draining(cluster.members()).forEach(server -> why.add("draining " + server));
            if (!why.isEmpty()) {
                running = new TakeoverRun(settings, partition::owns, why, Collections.emptySet(), true, this::ended);
                settings.timer.after(0, running::step);
            }
        }
    }

    private List<Incarnation> draining(Members members) {
        List<Incarnation> found = new ArrayList<>();
        for (Member member : members.all()) {
            if (member.state() == ServerState.DRAINING
                    && !member.id().equals(cluster.self().id())) {
                found.add(member.incarnation());
            }
        }
        return found;
    }

    @Override
    public void close() {
        cluster.unlisten(this);
        synchronized (this) {
            closed = true;
            if (running != null) {
                running.cancel();
            }
        }
    }
}
