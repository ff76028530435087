package org.oozieha.service;

import java.util.ArrayList;
import java.util.List;
import javax.persistence.EntityManager;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Services;
import org.oozieha.id.HighWaterMark;

/**
 * The newest job ids in Oozie's three job tables, by creation time (an indexed column), at most {@link #NEWEST} of each.
 *
 * <p>On failure, and while Oozie's database service is not up, {@link HighWaterMark.UnknownException}. Thread-safe.
 */
final class RecordedJobs implements HighWaterMark {
    static final int NEWEST = 1_000;

    private static final String[] BEANS = {"WorkflowJobBean", "CoordinatorJobBean", "BundleJobBean"};
    private static final int TIMEOUT_MS = 30_000;

    @Override
    public Mark read() throws UnknownException {
        Services services = Services.get();
        JPAService database = services == null ? null : services.get(JPAService.class);
        if (database == null) {
            throw new UnknownException("the newest job ids are not known: Oozie's database service is not up yet");
        }
        try {
            EntityManager entities = database.getEntityManager();
            try {
                List<String> ids = new ArrayList<>();
                for (String bean : BEANS) {
                    ids.addAll(newest(entities, bean));
                }
                return Mark.of(ids);
            } finally {
                entities.close();
            }
        } catch (RuntimeException e) {
            throw new UnknownException("the newest job ids could not be read from the database: " + e, e);
        }
    }

    private static List<String> newest(EntityManager entities, String bean) {
        return entities.createQuery(
                        "select j.id from " + bean
                                + " j where j.createdTimestamp is not null order by j.createdTimestamp desc",
                        String.class)
                .setMaxResults(NEWEST)
                .setHint("javax.persistence.query.timeout", TIMEOUT_MS)
                .getResultList();
    }
}
