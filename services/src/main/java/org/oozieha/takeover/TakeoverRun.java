package org.oozieha.takeover;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at everything in flight, in batches, as steps of a {@link TaskTimer}.
 *
 * <p>Guarantee: while the queue has no room nothing is queued, and the run waits longer each time; a scan that fails is asked again; the
 * run ends within its time limit. Confined to the timer's thread.
 */
final class TakeoverRun {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.takeover");
    static final long LIMIT_MS = 600_000;
    static final long FIRST_WAIT_MS = 100;
    static final long LONGEST_WAIT_MS = 5_000;
    static final int TRIES = 5;

    private final TakeoverSettings settings;
    private final Predicate<String> mine;
    private final Set<String> jobs;
    private final Consumer<TakeoverRun> ended;
    private final boolean urgentOnly;
    private final Set<String> causes = new LinkedHashSet<>();
    private final Set<String> touched = new HashSet<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final long beganAtMs;
    private long beganNanos;
    private int scan;
    private String after = "";
    private int queued;
    private long waitMs;
    private boolean over;
    private boolean complete;

    /**
     * @param jobs look at these only; empty for all
     * @param urgentOnly leave out what is not urgent
     */
    TakeoverRun(
            TakeoverSettings settings,
            Predicate<String> mine,
            Collection<String> causes,
            Set<String> jobs,
            boolean urgentOnly,
            Consumer<TakeoverRun> ended) {
        this.settings = settings;
        this.mine = mine;
        this.jobs = Collections.unmodifiableSet(new LinkedHashSet<>(jobs));
        this.urgentOnly = urgentOnly;
        this.causes.addAll(causes);
        this.ended = ended;
        this.beganNanos = settings.nanoClock.getAsLong();
        this.beganAtMs = settings.wallClock.getAsLong();
    }

    /** The view of the members changed meanwhile: looks at everything again. */
    void restart(Collection<String> more) {
        causes.addAll(more);
        scan = 0;
        after = "";
        beganNanos = settings.nanoClock.getAsLong();
    }

    boolean isUrgentOnly() {
        return urgentOnly;
    }

    void step() {
        if (over) {
            return;
        }
        long delayMs;
        try {
            delayMs = batch();
        } catch (RuntimeException | Error e) {
            LOG.warn("Work in flight could not be read and is read again: scan={}", name(), e);
            delayMs = longerWait();
        }
        if (elapsedMs() >= LIMIT_MS && !over) {
            LOG.warn(
                    "Takeover given up, the rest is left to Oozie's own recovery: limit_ms={} scan={}",
                    LIMIT_MS,
                    name());
            over = true;
        }
        if (over) {
            ended.accept(this);
        } else {
            settings.timer.after(delayMs, this::step);
        }
    }

    /** Ends it without a word. */
    void cancel() {
        over = true;
    }

    private long batch() {
        if (scan == settings.scans.size()) {
            over = true;
            complete = true;
            return 0;
        }
        if (urgentOnly && !settings.scans.get(scan).isUrgent()) {
            scan++;
            return 0;
        }
        if (!settings.queue.hasRoomFor(
                settings.batchSize, settings.scans.get(scan).isUrgent())) {
            return longerWait();
        }
        Scan.Page page = settings.scans.get(scan).page(after, settings.batchSize, jobs);
        for (Pickup found : page.found()) {
            if (mine.test(found.id()) && queue(found)) {
                queued++;
                touched.add(jobOf(found.id()));
            }
        }
        waitMs = 0;
        if (page.isLast()) {
            scan++;
            after = "";
        } else {
            after = page.after();
        }
        return 0;
    }

    /** What fails again and again must not keep the rest from being picked up. */
    private boolean queue(Pickup found) {
        try {
            return found.queue();
        } catch (LinkageError e) {
            LOG.error(
                    "JOB[{}] Left to Oozie's own recovery, this Oozie lacks what continues it: scan={}",
                    jobOf(found.id()),
                    name(),
                    e);
            return false;
        } catch (RuntimeException | Error e) {
            if (failures.merge(found.id(), 1, Integer::sum) < TRIES) {
                throw e;
            }
            LOG.warn("JOB[{}] Left to Oozie's own recovery: scan={} tries={}", jobOf(found.id()), name(), TRIES, e);
            return false;
        }
    }

    private long longerWait() {
        waitMs = waitMs == 0 ? FIRST_WAIT_MS : Math.min(2 * waitMs, LONGEST_WAIT_MS);
        return waitMs;
    }

    private long elapsedMs() {
        return (settings.nanoClock.getAsLong() - beganNanos) / 1_000_000;
    }

    private String name() {
        return scan < settings.scans.size() ? settings.scans.get(scan).name() : "none";
    }

    static String jobOf(String id) {
        int at = id.indexOf('@');
        return at < 0 ? id : id.substring(0, at);
    }

    TakeoverRecord record() {
        List<String> why = new ArrayList<>(causes);
        return new TakeoverRecord(why, beganAtMs, elapsedMs(), queued, touched.size(), complete);
    }
}
