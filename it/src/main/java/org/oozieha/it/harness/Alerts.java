package org.oozieha.it.harness;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was heard of missed ends in one way, by mail or by message: job to when. Thread-safe. */
public final class Alerts {
    private final Map<String, List<Instant>> heard = new HashMap<>();

    synchronized void arrived(String job, Instant at) {
        heard.computeIfAbsent(job, key -> new ArrayList<>()).add(at);
    }

    /** How many of each of these jobs; without those of which none came. */
    public synchronized Map<String, Integer> counts(Collection<String> jobs) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String job : jobs) {
            if (heard.containsKey(job)) {
                counts.put(job, heard.get(job).size());
            }
        }
        return counts;
    }

    /** From due to the first of each job that has one, in order. */
    public synchronized List<Duration> delays(Map<String, Instant> due) {
        List<Duration> delays = new ArrayList<>();
        due.forEach((job, time) -> {
            if (heard.containsKey(job)) {
                delays.add(Duration.between(time, heard.get(job).get(0)));
            }
        });
        delays.sort(null);
        return delays;
    }
}
