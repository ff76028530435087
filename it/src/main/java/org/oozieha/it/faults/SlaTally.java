package org.oozieha.it.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.oozieha.it.harness.SlaJobs;
import org.oozieha.it.harness.Waiting;

/** What became of SLAs that were all missed, as figures. Not thread-safe. */
final class SlaTally {
    private final SlaJobs jobs;

    SlaTally(SlaJobs jobs) {
        this.jobs = jobs;
    }

    /** Waits for a mail and a message of each; what has not come by then is counted as lost. */
    void awaitAll(Duration bound) {
        Waiting.happens("a mail and a message of each", bound, jobs::allHeardOf);
    }

    /**
     * @param prefix of the figures' names
     * @param when appended to what they mean
     */
    static List<Measure> lostAndDoubled(String prefix, String when) {
        return Arrays.asList(
                Measure.of(prefix + "events_lost", "missed ends that nobody recorded" + when)
                        .atMost(0),
                Measure.of(prefix + "events_doubled", "missed ends recorded more than once" + when)
                        .atMost(0),
                Measure.of(prefix + "mails_lost", "missed ends of which no mail came" + when)
                        .atMost(0),
                Measure.of(prefix + "mails_doubled", "missed ends of which more than one mail came" + when),
                Measure.of(prefix + "messages_lost", "missed ends of which no JMS message came" + when)
                        .atMost(0),
                Measure.of(prefix + "messages_doubled", "missed ends of which more than one JMS message came" + when));
    }

    void putLostAndDoubled(Map<String, Number> figures, String prefix) {
        put(figures, prefix + "events", jobs.recorded());
        put(figures, prefix + "mails", jobs.mailed());
        put(figures, prefix + "messages", jobs.announced());
    }

    private void put(Map<String, Number> figures, String what, Map<String, Integer> counts) {
        figures.put(what + "_lost", jobs.size() - counts.size());
        figures.put(
                what + "_doubled",
                counts.values().stream().filter(count -> count > 1).count());
    }

    /** From due to the first mail; nothing where none came. */
    void putDelays(Map<String, Number> figures, String prefix) {
        List<Duration> delays = jobs.delays();
        if (!delays.isEmpty()) {
            figures.put(prefix + "median_ms", delays.get(delays.size() / 2).toMillis());
            figures.put(prefix + "p99_ms", delays.get(delays.size() * 99 / 100).toMillis());
            figures.put(prefix + "longest_ms", delays.get(delays.size() - 1).toMillis());
        }
    }
}
