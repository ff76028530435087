package org.oozieha.it.server;

import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.apache.oozie.BinaryBlob;
import org.apache.oozie.WorkflowActionBean;
import org.apache.oozie.WorkflowJobBean;
import org.apache.oozie.client.WorkflowAction;
import org.apache.oozie.client.WorkflowJob;
import org.apache.oozie.client.rest.JsonBean;
import org.apache.oozie.executor.jpa.BatchQueryExecutor;
import org.apache.oozie.executor.jpa.BatchQueryExecutor.UpdateEntry;
import org.apache.oozie.executor.jpa.JPAExecutorException;
import org.apache.oozie.executor.jpa.WorkflowActionQueryExecutor.WorkflowActionQuery;
import org.apache.oozie.executor.jpa.WorkflowJobQueryExecutor.WorkflowJobQuery;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Services;

/** What Oozie writes about a job in one transaction, with the database service that is in use. */
enum WritingTransaction {
    /** One update of two columns of the job: the shortest there is. */
    UPDATE {
        @Override
        void write(String job, int number) throws JPAExecutorException {
            updateStatus(job, number);
        }
    },
    /** An action has ended: the job with its instance, and the action. */
    ACTION {
        @Override
        void write(String job, int number) throws JPAExecutorException {
            WorkflowActionBean ended = actionBean(job, STEPS.get());
            ended.setStatus(number % 2 == 0 ? WorkflowAction.Status.OK : WorkflowAction.Status.DONE);
            ended.setEndTime(new Date());
            ended.setExternalStatus("OK");
            writeAll(null, job, WorkflowActionQuery.UPDATE_ACTION_END, ended);
        }
    },
    /** A workflow goes on to its next action: the job with its instance, the action that ended, the new action. */
    STEP {
        @Override
        void write(String job, int number) throws JPAExecutorException {
            WorkflowActionBean ended = actionBean(job, STEPS.get());
            WorkflowActionBean next = actionBean(job, STEPS.incrementAndGet());
            writeAll(Collections.singletonList(next), job, WorkflowActionQuery.UPDATE_ACTION_PENDING, ended);
        }
    };

    private static final byte[] INSTANCE = new byte[4096];
    private static final AtomicLong STEPS = new AtomicLong();

    /** The job's row is there. {@code number} differs from call to call. */
    abstract void write(String job, int number) throws JPAExecutorException;

    /** Inserts the job's row if it is not there. */
    static void makeRow(String job) throws JPAExecutorException {
        if (updateStatus(job, 0) == 0) {
            JPAService database = Services.get().get(JPAService.class);
            EntityManager entities = database.getEntityManager();
            Query insert = entities.createNativeQuery("insert into WF_JOBS (id, status) values (?, 'PREP')");
            database.executeUpdate("insert", insert.setParameter(1, job), entities);
        }
    }

    private static int updateStatus(String job, int number) throws JPAExecutorException {
        JPAService database = Services.get().get(JPAService.class);
        EntityManager entities = database.getEntityManager();
        Query update = entities.createNamedQuery("UPDATE_WORKFLOW_STATUS_MODTIME")
                .setParameter("status", "RUNNING")
                .setParameter("lastModTime", new Timestamp(number * 1_000L))
                .setParameter("id", job);
        return database.executeUpdate("update", update, entities);
    }

    @SuppressWarnings("rawtypes") // Oozie's own signature
    private static void writeAll(
            Collection<JsonBean> inserts, String job, WorkflowActionQuery query, WorkflowActionBean action)
            throws JPAExecutorException {
        List<UpdateEntry> updates = Arrays.asList(
                new UpdateEntry<>(WorkflowJobQuery.UPDATE_WORKFLOW_STATUS_INSTANCE_MODIFIED, running(job)),
                new UpdateEntry<>(query, action));
        BatchQueryExecutor.getInstance().executeBatchInsertUpdateDelete(inserts, updates, null);
    }

    private static WorkflowJobBean running(String job) {
        WorkflowJobBean workflow = new WorkflowJobBean();
        workflow.setId(job);
        workflow.setStatus(WorkflowJob.Status.RUNNING);
        workflow.setLastModifiedTime(new Date());
        workflow.setWfInstanceBlob(new BinaryBlob(INSTANCE, true));
        return workflow;
    }

    private static WorkflowActionBean actionBean(String job, long number) {
        WorkflowActionBean action = new WorkflowActionBean();
        action.setId(job + "@" + number);
        action.setJobId(job);
        action.setName("step");
        action.setType("fs");
        action.setStatus(WorkflowAction.Status.PREP);
        action.setPending();
        action.setPendingAge(new Date());
        return action;
    }
}
