package org.oozieha.sharelib;

import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.persistence.EntityManager;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Services;
import org.oozieha.sharelib.version.UnfinishedActions;

/** {@link UnfinishedActions} in Oozie's table of workflow actions. Thread-safe; bounded as far as the driver allows. */
final class UnfinishedActionRows implements UnfinishedActions {
    private static final int TIMEOUT_MS = 30_000;
    private static final List<String> UNFINISHED = Arrays.asList(
            "PREP", "RUNNING", "DONE", "START_RETRY", "START_MANUAL", "END_RETRY", "END_MANUAL", "USER_RETRY");

    @Override
    public Optional<String> createdUntil(long atMs) {
        Services services = Services.get();
        JPAService database = services == null ? null : services.get(JPAService.class);
        if (database == null) {
            throw new IllegalStateException("Oozie's database service is not up");
        }
        EntityManager entities = database.getEntityManager();
        try {
            List<?> ids = entities.createQuery(
                            "select a.id from WorkflowActionBean a where a.statusStr in (:unfinished)"
                                    + " and (a.createdTimeTS <= :until or a.createdTimeTS is null)")
                    .setParameter("unfinished", UNFINISHED)
                    .setParameter("until", new Timestamp(atMs))
                    .setMaxResults(1)
                    .setHint("javax.persistence.query.timeout", TIMEOUT_MS)
                    .getResultList();
            return ids.isEmpty() ? Optional.empty() : Optional.of((String) ids.get(0));
        } finally {
            entities.close();
        }
    }
}
