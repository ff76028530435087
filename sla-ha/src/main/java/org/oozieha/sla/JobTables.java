package org.oozieha.sla;

import static org.oozieha.sla.SlaTables.bounded;
import static org.oozieha.sla.SlaTables.millis;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.persistence.EntityManager;
import org.oozieha.sla.rule.JobState;

/** What Oozie's tables say of the job or action behind an SLA, read within the caller's transaction. */
final class JobTables {
    private static final Set<String> OPEN_COORD_ACTION =
            new HashSet<>(Arrays.asList("WAITING", "READY", "SUBMITTED", "RUNNING", "SUSPENDED"));
    private static final Set<String> ENDED_WORKFLOW = new HashSet<>(Arrays.asList("SUCCEEDED", "FAILED", "KILLED"));
    private static final Set<String> FAILED = new HashSet<>(Arrays.asList("FAILED", "KILLED", "TIMEDOUT", "ERROR"));

    private JobTables() {}

    /** Empty if there is no such job, or the id is of no kind that can have an SLA. */
    static Optional<JobState> read(EntityManager entities, String id) {
        if (id.endsWith("-W")) {
            return workflow(entities, id);
        }
        if (id.contains("-W@")) {
            return workflowAction(entities, id);
        }
        return id.contains("-C@") ? coordinatorAction(entities, id) : Optional.empty();
    }

    private static Optional<JobState> workflow(EntityManager entities, String id) {
        return workflowRow(entities, id).map(row -> {
            String status = (String) row[0];
            Long start = millis(row[1]);
            if (!ENDED_WORKFLOW.contains(status)) {
                return JobState.open(status, start);
            }
            Long end = millis(row[2] == null ? row[3] : row[2]);
            return JobState.ended(status, start, end, FAILED.contains(status));
        });
    }

    private static Optional<Object[]> workflowRow(EntityManager entities, String id) {
        return row(
                entities,
                "select w.statusStr, w.startTimestamp, w.endTimestamp, w.lastModifiedTimestamp"
                        + " from WorkflowJobBean w where w.id = :id",
                id);
    }

    private static Optional<JobState> workflowAction(EntityManager entities, String id) {
        return row(
                        entities,
                        "select a.statusStr, a.startTimestamp, a.endTimestamp from WorkflowActionBean a where a.id ="
                                + " :id",
                        id)
                .map(row -> {
                    String status = (String) row[0];
                    Long start = millis(row[1]);
                    Long end = millis(row[2]);
                    return end == null
                            ? JobState.open(status, start)
                            : JobState.ended(status, start, end, FAILED.contains(status));
                });
    }

    private static Optional<JobState> coordinatorAction(EntityManager entities, String id) {
        return row(
                        entities,
                        "select a.statusStr, a.externalId, a.lastModifiedTimestamp from CoordinatorActionBean a"
                                + " where a.id = :id",
                        id)
                .map(row -> {
                    Optional<Object[]> workflow =
                            row[1] == null ? Optional.empty() : workflowRow(entities, (String) row[1]);
                    String status = (String) row[0];
                    Long start = workflow.map(columns -> millis(columns[1])).orElse(null);
                    Long end = workflow.map(columns -> millis(columns[2])).orElse(null);
                    if (OPEN_COORD_ACTION.contains(status)) {
                        return JobState.open(status, start);
                    }
                    boolean failed = FAILED.contains(status);
                    return end == null
                            ? JobState.endedUnrun(status, start, millis(row[2]), failed)
                            : JobState.ended(status, start, end, failed);
                });
    }

    /** The row, if there is one. */
    static Optional<Object[]> row(EntityManager entities, String jpql, String id) {
        List<?> rows =
                bounded(entities.createQuery(jpql)).setParameter("id", id).getResultList();
        return rows.isEmpty() ? Optional.empty() : Optional.of((Object[]) rows.get(0));
    }
}
