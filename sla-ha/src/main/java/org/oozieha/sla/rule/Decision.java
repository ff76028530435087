package org.oozieha.sla.rule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is to be recorded of an SLA now.
 *
 * <p>Guarantee: decided from what was recorded before, each kind of event (start, duration, end) is in {@link #events} at most once in an
 * SLA's life, provided that each decision is recorded before the next one is made. The rules are those of Oozie 5.2.1's
 * SLAJobEventXCommand. Immutable.
 */
public final class Decision {
    private final List<Progress> events = new ArrayList<>();
    private Progress progress;

    private Decision(Progress progress) {
        this.progress = progress;
    }

    /** @param now milliseconds since the epoch */
    public static Decision of(Terms terms, Progress recorded, JobState job, long now) {
        Decision decision = new Decision(recorded.with(job));
        if (job.hasEnded()) {
            decision.whenEnded(terms, job);
        } else if (recorded.processed() != Progress.OVER) {
            decision.whileOpen(terms, now);
        }
        return decision;
    }

    private void whenEnded(Terms terms, JobState job) {
        boolean missed = job.misses(terms.end());
        progress = progress.with(missed ? Progress.MISS : Progress.MET);
        Long start = progress.start();
        if (start != null && progress.lacks(Progress.START) && terms.start() != null) {
            record(start > terms.start() ? Outcome.START_MISS : Outcome.START_MET);
        }
        if (start != null && progress.lacks(Progress.DURATION) && terms.hasDuration()) {
            record(progress.duration() > terms.duration() ? Outcome.DURATION_MISS : Outcome.DURATION_MET);
        }
        if (progress.lacks(Progress.END)) {
            record(missed ? Outcome.END_MISS : Outcome.END_MET);
        }
        progress = progress.with(Progress.OVER);
    }

    private void whileOpen(Terms terms, long now) {
        Long start = progress.start();
        if (start != null && progress.processed() < Progress.END) {
            progress = progress.with(Progress.IN_PROCESS);
        }
        if (progress.lacks(Progress.START)) {
            if (terms.start() == null) {
                mark(Progress.START);
            } else if (start != null) {
                record(start > terms.start() ? Outcome.START_MISS : Outcome.START_MET);
                mark(Progress.START);
            } else if (now > terms.start()) {
                record(Outcome.START_MISS);
                mark(Progress.START);
            }
        }
        if (progress.lacks(Progress.DURATION)) {
            if (!terms.hasDuration()) {
                mark(Progress.DURATION);
            } else if (start != null && now - start > terms.duration()) {
                record(Outcome.DURATION_MISS);
                mark(Progress.DURATION);
            }
        }
        if (progress.lacks(Progress.END)) {
            if (terms.end() == null) {
                mark(Progress.END);
            } else if (now > terms.end()) {
                progress = progress.with(Progress.MISS);
                record(Outcome.END_MISS);
                mark(Progress.END);
            }
        }
    }

    private void mark(int bit) {
        progress = progress.with(progress.processed() | bit);
    }

    private void record(Outcome outcome) {
        progress = progress.with(outcome);
        events.add(progress);
    }

    /** What is to be written. */
    public Progress progress() {
        return progress;
    }

    /** The state with each event to be recorded, in order; {@link Progress#last} is the event. */
    public List<Progress> events() {
        return Collections.unmodifiableList(events);
    }
}
