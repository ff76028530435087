package org.oozieha.service;

import java.io.IOException;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.DagEngine;
import org.apache.oozie.DagEngineException;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.service.MemoryLocksService;
import org.apache.oozie.service.Services;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A workflow engine that acknowledges only what the database knows.
 *
 * <p>Guarantee: a job whose start was acknowledged is marked in its recorded configuration before, so that recovery starts it when this
 * server is gone; a job submitted without start carries no mark, whatever its configuration said. A kill, suspend or resume is
 * acknowledged once the job's recorded status shows it. A coordinator action whose workflow was submitted by a server that died before it
 * could note so gets that workflow, not a second one.
 *
 * <p>On failure: a start that was refused with an error has its mark taken away, as far as the database allows. An order that did not get
 * the job's lock in time is refused with E0606, Oozie's "could not get lock"; it may still be carried out, and can be repeated. One
 * object serves one request; not thread-safe.
 */
final class HADagEngine extends DagEngine {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.takeover");

    private boolean submitting;

    HADagEngine() {}

    HADagEngine(String user) {
        super(user);
    }

    @Override
    public String submitJob(Configuration conf, boolean startJob) throws DagEngineException {
        if (!startJob) {
            StartMark.clear(conf);
            return super.submitJob(conf, false);
        }
        return submission(conf, () -> super.submitJob(conf, true));
    }

    @Override
    public String submitJobFromCoordinator(Configuration conf, String parentId) throws DagEngineException {
        String earlier = WorkflowStatus.submittedFor(parentId);
        if (earlier == null) {
            return submission(conf, () -> super.submitJobFromCoordinator(conf, parentId));
        }
        LOG.info(
                "{}Its workflow was submitted already, by a server that could not note it: {}",
                RecoveryLog.prefix(parentId),
                earlier);
        return submission(conf, () -> {
            if (isPrepared(earlier)) {
                start(earlier);
            }
            return earlier;
        });
    }

    @Override
    public String submitHttpJob(Configuration conf, String jobType) throws DagEngineException {
        return submission(conf, () -> super.submitHttpJob(conf, jobType));
    }

    private String submission(Configuration conf, Submission submission) throws DagEngineException {
        StartMark.set(conf);
        submitting = true;
        try {
            return submission.run();
        } finally {
            submitting = false;
        }
    }

    @Override
    public void reRun(String jobId, Configuration conf) throws DagEngineException {
        StartMark.set(conf);
        super.reRun(jobId, conf);
    }

    /** Of a job that was submitted before, or as the last step of a submission with start. */
    @Override
    public void start(String jobId) throws DagEngineException {
        if (!submitting) {
            startRecorded(jobId);
            return;
        }
        try {
            super.start(jobId);
        } catch (DagEngineException e) {
            if (isPrepared(jobId)) {
                takeMarkAway(jobId);
                throw e;
            } else if (e.getErrorCode() != ErrorCode.E0801) {
                throw e;
            }
        }
    }

    private void startRecorded(String jobId) throws DagEngineException {
        super.start(jobId);
        if (isPrepared(jobId)) {
            try {
                StartMark.record(jobId, true);
            } catch (IOException | RuntimeException e) {
                throw new DagEngineException(ErrorCode.E0603, "the start could not be recorded: " + e, e);
            }
        }
    }

    private static void takeMarkAway(String jobId) {
        try {
            StartMark.record(jobId, false);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}The start was refused, but recovery may still carry it out", RecoveryLog.prefix(jobId), e);
        }
    }

    private static boolean isPrepared(String jobId) {
        return "PREP".equals(WorkflowStatus.of(jobId));
    }

    @Override
    public void kill(String jobId) throws DagEngineException {
        super.kill(jobId);
        acknowledge(
                jobId,
                "kill",
                status -> !status.equals("PREP") && !status.equals("RUNNING") && !status.equals("SUSPENDED"));
    }

    @Override
    public void suspend(String jobId) throws DagEngineException {
        super.suspend(jobId);
        acknowledge(jobId, "suspend", status -> !status.equals("RUNNING"));
    }

    @Override
    public void resume(String jobId) throws DagEngineException {
        super.resume(jobId);
        acknowledge(jobId, "resume", status -> !status.equals("SUSPENDED"));
    }

    /** A command that gives orders to other jobs may leave them to the queue: its own job is looked at again. */
    private static void acknowledge(String jobId, String order, Predicate<String> done) throws DagEngineException {
        if (!isInsideACommand() && !WorkflowStatus.await(jobId, done)) {
            throw new DagEngineException(ErrorCode.E0606, jobId + " (" + order + ")", WorkflowStatus.PATIENCE_MS);
        }
    }

    private static boolean isInsideACommand() {
        MemoryLocksService locks = Services.get().get(MemoryLocksService.class);
        return !(locks instanceof ZKLocksService)
                || !((ZKLocksService) locks)
                        .locks()
                        .tokensOf(Thread.currentThread())
                        .isEmpty();
    }

    /** One of stock's ways to submit. */
    private interface Submission {
        String run() throws DagEngineException;
    }
}
