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

    private static final String UPDATE =
            "update WorkflowJobBean w set w.conf = :conf where w.id = :id and w.statusStr = 'PREP'";

    private StartMark() {}

    static void set(Configuration conf) {
        conf.setBoolean(KEY, true);
    }

    /** Also against a default of the application. */
    static void clear(Configuration conf) {
        conf.setBoolean(KEY, false);
    }

    /** Whether the recorded workflow is to be started; false if there is none. */
    static boolean isOn(String workflowId) {
        String conf = confOf(workflowId);
        try {
            return conf.contains(KEY) && new XConfiguration(new StringReader(conf)).getBoolean(KEY, false);
        } catch (IOException e) {
            LOG.warn("{}Configuration cannot be read: not started by recovery", RecoveryLog.prefix(workflowId), e);
            return false;
        }
    }

    private static String confOf(String workflowId) {
        Object[] row = JobRows.row(CONF_OF, workflowId);
        String conf = row == null || row[1] == null ? null : ((StringBlob) row[1]).getString();
        return conf == null ? "" : conf;
    }

    /**
     * Marks, or unmarks, a recorded workflow that is in PREP, in a transaction of its own.
     *
     * @throws IOException if its configuration cannot be read
     */
    static void record(String workflowId, boolean toBeStarted) throws IOException {
        XConfiguration conf = new XConfiguration(new StringReader(confOf(workflowId)));
        if (conf.getBoolean(KEY, false) != toBeStarted) {
            conf.setBoolean(KEY, toBeStarted);
            JobRows.update(UPDATE, "conf", new StringBlob(conf.toXmlString()), "id", workflowId);
        }
    }
}
