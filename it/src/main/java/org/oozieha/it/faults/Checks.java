package org.oozieha.it.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.Effect;
import org.oozieha.it.harness.StatusWrite;

/** What the database's audit trail and the journals of side effects say about jobs after a fault. Asks the cluster once. */
final class Checks {
    private static final List<String> ENDED = Arrays.asList("OK", "ERROR", "SUCCEEDED", "KILLED", "FAILED");

    private final Set<String> jobs;
    private final List<StatusWrite> writes;
    private final List<Effect> effects;
    private final Map<String, String> statuses = new TreeMap<>();

    private Checks(Cluster cluster, Collection<String> jobs) {
        this.jobs = new HashSet<>(jobs);
        this.writes = cluster.audit().writesOf("").stream()
                .filter(write -> isOurs(write.id()))
                .collect(Collectors.toList());
        this.effects = cluster.effects().stream()
                .filter(effect -> isOurs(effect.job()))
                .collect(Collectors.toList());
        for (String[] row : cluster.database().query("SELECT id, status FROM wf_jobs")) {
            if (this.jobs.contains(row[0])) {
                statuses.put(row[0], row[1]);
            }
        }
    }

    /** Of these workflows and all of their parts. */
    static Checks of(Cluster cluster, Collection<String> jobs) {
        return new Checks(cluster, jobs);
    }

    private boolean isOurs(String id) {
        return jobs.contains(id.split("@", 2)[0]);
    }

    /** Rows that had ended and were given another status: what only a server without the lock does. */
    List<StatusWrite> stale() {
        return writes.stream().filter(StatusWrite::isStale).collect(Collectors.toList());
    }

    /** Jobs and actions that came to an end more than once. */
    List<String> endedTwice() {
        Map<String, Integer> ends = new LinkedHashMap<>();
        for (StatusWrite write : writes) {
            if (write.changesStatus() && ENDED.contains(write.newStatus())) {
                ends.merge(write.id(), 1, Integer::sum);
            }
        }
        ends.values().removeIf(count -> count < 2);
        return new ArrayList<>(ends.keySet());
    }

    /** Changes of files done again after they had been done once. */
    long repeatedEffects() {
        Map<String, Integer> done = new TreeMap<>();
        for (Effect effect : effects) {
            if (effect.isDone()) {
                done.merge(effect.action() + " " + effect.operation() + " " + effect.path(), 1, Integer::sum);
            }
        }
        return done.values().stream().mapToInt(count -> count - 1).sum();
    }

    /** Acknowledged jobs the database does not have. */
    long lost() {
        return jobs.size() - statuses.size();
    }

    /** Jobs, lost ones included, that have not succeeded. */
    long notSucceeded() {
        return jobs.size()
                - statuses.values().stream().filter("SUCCEEDED"::equals).count();
    }

    /** Jobs that were never started. */
    Set<String> inPrep() {
        return statuses.keySet().stream()
                .filter(job -> "PREP".equals(statuses.get(job)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The first write of a job's row. */
    StatusWrite creationOf(String job) {
        return writes.stream()
                .filter(write -> write.id().equals(job))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody wrote " + job));
    }

    List<StatusWrite> writes() {
        return writes;
    }

    List<Effect> effects() {
        return effects;
    }
}
