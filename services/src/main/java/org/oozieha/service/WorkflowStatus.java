package org.oozieha.service;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The recorded status of a workflow. */
final class WorkflowStatus {
    /** A command that did not get its job's lock is tried again within this time. */
    static final long PATIENCE_MS = 3_000;

    private static final long LOOK_NANOS = 100_000_000;
    private static final String STATUS_OF = "select w.id, w.statusStr from WorkflowJobBean w where w.id = :id";

    private static final String SUBMITTED_FOR = "select w.id from WorkflowJobBean w where w.parentId = :id"
            + " and w.createdTimestamp >= (select a.lastModifiedTimestamp from CoordinatorActionBean a where a.id = :id"
            + " and a.statusStr = 'SUBMITTED') order by w.createdTimestamp";

    private WorkflowStatus() {}

    /** The workflow made for a coordinator action since that was last set to SUBMITTED; null if there is none. */
    static String submittedFor(String coordinatorActionId) {
        Object[] row = JobRows.row(SUBMITTED_FOR, coordinatorActionId);
        return row == null ? null : (String) row[0];
    }

    /** Empty if there is no such workflow. */
    static String of(String workflowId) {
        Object[] row = JobRows.row(STATUS_OF, workflowId);
        return row == null ? "" : (String) row[1];
    }

    /** Waits at most {@link #PATIENCE_MS}; false if the status did not come, or the thread was interrupted. */
    static boolean await(String workflowId, Predicate<String> wanted) {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!wanted.test(of(workflowId))) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }
}
