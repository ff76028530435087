package org.oozieha.sharelib;

import java.util.Collections;
import java.util.Date;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.oozie.WorkflowActionBean;
import org.apache.oozie.client.WorkflowAction;
import org.apache.oozie.executor.jpa.BatchQueryExecutor;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.service.ShareLibService;
import org.oozieha.it.mini.HaServicesTestCase;

/** On Oozie's own tables. */
public final class UnfinishedActionRowsTest extends HaServicesTestCase {
    private static final long UNTIL_MS = 2_000_000;

    private final UnfinishedActionRows rows = new UnfinishedActionRows();

    @Override
    protected void setUp() throws Exception {
        super.setUp();
        boot(Collections.singletonList(ShareLibService.class.getName()));
        cleanUpDBTables();
    }

    public void test_each_state_of_an_action_counts_but_for_those_it_ends_in() throws Exception {
        EnumSet<WorkflowAction.Status> ended = EnumSet.of(
                WorkflowAction.Status.OK,
                WorkflowAction.Status.ERROR,
                WorkflowAction.Status.KILLED,
                WorkflowAction.Status.FAILED);
        for (WorkflowAction.Status status : WorkflowAction.Status.values()) {
            WorkflowActionBean action = insert(status, new Date(UNTIL_MS));
            Optional<String> expected = ended.contains(status) ? Optional.empty() : Optional.of(action.getId());
            assertEquals(expected, rows.createdUntil(UNTIL_MS));
            assertEquals(Optional.empty(), rows.createdUntil(UNTIL_MS - 1));
            delete(action);
        }
    }

    public void test_an_action_without_a_time_counts() throws Exception {
        WorkflowActionBean action = insert(WorkflowAction.Status.PREP, null);
        assertEquals(Optional.of(action.getId()), rows.createdUntil(0));
        delete(action);
    }

    private static WorkflowActionBean insert(WorkflowAction.Status status, Date created) throws JPAExecutorException {
        WorkflowActionBean action = new WorkflowActionBean();
        action.setId("0000001-700101000000000-oozie-test-W@" + status);
        action.setStatus(status);
        action.setCreatedTime(created);
        BatchQueryExecutor.getInstance().executeBatchInsertUpdateDelete(Collections.singleton(action), null, null);
        return action;
    }

    private static void delete(WorkflowActionBean action) throws JPAExecutorException {
        BatchQueryExecutor.getInstance().executeBatchInsertUpdateDelete(null, null, Collections.singleton(action));
    }
}
