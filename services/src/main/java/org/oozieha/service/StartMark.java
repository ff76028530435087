package org.oozieha.service;

import java.io.IOException;
import java.io.StringReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.oozie.StringBlob;
import org.apache.oozie.util.XConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The property of a workflow's configuration that says "to be started", so that a start outlives the server that acknowledged it.
 *
 * <p>Source: stock Oozie keeps that only in the memory of the server that took the submission.
 */
final class StartMark {
    static final String KEY = "oozie.ha.start";
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.takeover");
    private static final String CONF_OF = "select w.id, w.conf from WorkflowJobBean w where w.id = :id";

    private StartMark() {}

    static void set(Configuration conf) {
        conf.setBoolean(KEY, true);
    }

    static void clear(Configuration conf) {
        conf.unset(KEY);
    }

    /** Whether the recorded workflow is to be started; false if there is none. */
    static boolean isOn(String workflowId) {
        Object[] row = JobRows.row(CONF_OF, workflowId);
        StringBlob conf = row == null ? null : (StringBlob) row[1];
        if (conf == null || conf.getString() == null || !conf.getString().contains(KEY)) {
            return false;
        }
        try {
            return new XConfiguration(new StringReader(conf.getString())).getBoolean(KEY, false);
        } catch (IOException e) {
            LOG.warn("{}Configuration cannot be read: not started by recovery", RecoveryLog.prefix(workflowId), e);
            return false;
        }
    }
}
