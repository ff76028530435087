package org.oozieha.hcat;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.oozie.StringBlob;
import org.apache.oozie.coord.input.dependency.CoordInputDependencyFactory;
import org.oozieha.hcat.waiting.Recorded;
import org.oozieha.service.JobRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waiting actions as Oozie's tables have them: WAITING, their time has come, and something is missing that a message announces. */
final class RecordedWaiters implements Recorded {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.hcat");
    private static final String WAITING = "select a.id, a.pushMissingDependencies from CoordinatorActionBean a where"
            + " a.statusStr = 'WAITING' and a.pushMissingDependencies is not null and a.nominalTimestamp <= :now";

    private final LongSupplier wallClock = System::currentTimeMillis;

    @Override
    public List<Waiting> page(String after, int limit) {
        List<Waiting> found = new ArrayList<>();
        for (Object[] row : JobRows.page(
                WAITING,
                "a.id",
                "a.jobId",
                after,
                limit,
                Collections.emptySet(),
                "now",
                new Timestamp(wallClock.getAsLong()))) {
            found.add(new Waiting((String) row[0], uris((String) row[0], (StringBlob) row[1])));
        }
        return found;
    }

    private static List<String> uris(String actionId, StringBlob missing) {
        try {
            return CoordInputDependencyFactory.getPushInputDependencies(missing).getMissingDependenciesAsList();
        } catch (RuntimeException e) {
            LOG.warn("JOB[{}] What it waits for cannot be read; it is left to Oozie's polling", actionId, e);
            return Collections.emptyList();
        }
    }
}
