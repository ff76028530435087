package org.oozieha.sla.rule;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.Test;

public final class DecisionTest {
    private static final Terms TERMS = new Terms(100L, 300L, 150);
    private static final Progress NEW = new Progress(0, "NOT_STARTED", null, "PREP", null, null, -1);

    @Test
    public void before_anything_is_due_nothing_is_recorded() {
        Decision decision = Decision.of(TERMS, NEW, JobState.open("PREP", null), 50);
        assertEquals(Collections.emptyList(), outcomes(decision));
        assertEquals(NEW, decision.progress());
    }

    @Test
    public void a_job_that_never_starts_misses_start_and_end_and_then_nothing_more() {
        Decision start = Decision.of(TERMS, NEW, JobState.open("PREP", null), 101);
        assertEquals(Arrays.asList(Outcome.START_MISS), outcomes(start));
        assertEquals("NOT_STARTED", start.progress().slaStatus());
        Decision end = Decision.of(TERMS, start.progress(), JobState.open("PREP", null), 301);
        assertEquals(Arrays.asList(Outcome.END_MISS), outcomes(end));
        assertEquals("MISS", end.progress().slaStatus());
        assertEquals(Progress.START + Progress.END, end.progress().processed());
        assertEquals(
                Collections.emptyList(),
                outcomes(Decision.of(TERMS, end.progress(), JobState.open("PREP", null), 9_999)));
    }

    @Test
    public void a_job_that_runs_too_long_misses_its_duration_before_its_end() {
        Decision running = Decision.of(TERMS, NEW, JobState.open("RUNNING", 90L), 95);
        assertEquals(Arrays.asList(Outcome.START_MET), outcomes(running));
        assertEquals("IN_PROCESS", running.progress().slaStatus());
        Decision late = Decision.of(TERMS, running.progress(), JobState.open("RUNNING", 90L), 241);
        assertEquals(Arrays.asList(Outcome.DURATION_MISS), outcomes(late));
        Decision ended = Decision.of(TERMS, late.progress(), JobState.ended("SUCCEEDED", 90L, 290L, false), 295);
        assertEquals(Arrays.asList(Outcome.END_MET), outcomes(ended));
        assertEquals(Progress.OVER, ended.progress().processed());
        assertEquals(200, ended.progress().duration());
    }

    @Test
    public void what_was_not_seen_while_it_ran_is_recorded_at_the_end() {
        Decision ended = Decision.of(TERMS, NEW, JobState.ended("SUCCEEDED", 120L, 250L, false), 400);
        assertEquals(Arrays.asList(Outcome.START_MISS, Outcome.DURATION_MET, Outcome.END_MET), outcomes(ended));
        assertEquals("MET", ended.progress().slaStatus());
    }

    @Test
    public void a_failed_job_misses_its_end_however_early_it_failed() {
        Decision ended = Decision.of(TERMS, NEW, JobState.ended("KILLED", 90L, 95L, true), 96);
        assertEquals(Arrays.asList(Outcome.START_MET, Outcome.DURATION_MET, Outcome.END_MISS), outcomes(ended));
    }

    @Test
    public void a_job_that_ended_without_having_run_is_not_measured() {
        Decision ended = Decision.of(TERMS, NEW, JobState.endedUnrun("SKIPPED", null, 999L, false), 1_000);
        assertEquals(Arrays.asList(Outcome.END_MET), outcomes(ended));
    }

    @Test
    public void the_end_of_a_job_with_all_events_recorded_records_no_other() {
        Progress recorded = new Progress(7, "MISS", Outcome.END_MISS, "RUNNING", 90L, null, -1);
        Decision ended = Decision.of(TERMS, recorded, JobState.ended("SUCCEEDED", 90L, 990L, false), 1_000);
        assertEquals(Collections.emptyList(), outcomes(ended));
        assertEquals(Progress.OVER, ended.progress().processed());
        assertEquals(900, ended.progress().duration());
    }

    @Test
    public void without_terms_for_start_and_duration_only_the_end_counts() {
        Terms terms = new Terms(null, 300L, Terms.NO_DURATION);
        Decision decision = Decision.of(terms, NEW, JobState.open("RUNNING", 90L), 301);
        assertEquals(Arrays.asList(Outcome.END_MISS), outcomes(decision));
        assertEquals(7, decision.progress().processed());
    }

    @Test
    public void in_any_life_each_kind_of_event_comes_at_most_once_and_an_end_exactly_once() {
        long seed = Long.getLong("it.seed", 1);
        Random random = new Random(seed);
        for (int life = 0; life < 5_000; life++) {
            Terms terms = new Terms(
                    random.nextBoolean() ? (long) random.nextInt(100) : null,
                    (long) random.nextInt(200),
                    random.nextBoolean() ? random.nextInt(100) : Terms.NO_DURATION);
            Long start = random.nextInt(4) == 0 ? null : (long) random.nextInt(150);
            long end = (start == null ? 0 : start) + random.nextInt(200);
            Progress progress = NEW;
            List<String> kinds = new ArrayList<>();
            for (long now = 0; now < 500; now += 1 + random.nextInt(60)) {
                JobState job = now > end
                        ? JobState.ended("SUCCEEDED", start, end, random.nextBoolean())
                        : JobState.open("RUNNING", start == null || now < start ? null : start);
                Decision decision = Decision.of(terms, progress, job, now);
                decision.events().forEach(event -> kinds.add(event.last().name().split("_")[0]));
                progress = decision.progress();
            }
            String what = "seed " + seed + " life " + life + ": " + kinds;
            assertEquals(what, kinds.stream().distinct().count(), kinds.size());
            assertEquals(what, 1, Collections.frequency(kinds, "END"));
            assertEquals(what, Progress.OVER, progress.processed());
        }
    }

    private static List<Outcome> outcomes(Decision decision) {
        List<Outcome> outcomes = new ArrayList<>();
        decision.events().forEach(event -> outcomes.add(event.last()));
        return outcomes;
    }
}
