package org.oozieha.sla;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Services;
import org.oozieha.sla.follow.OpenSla;
import org.oozieha.sla.follow.SlaRows;
import org.oozieha.sla.rule.Terms;

/**
 * {@link SlaRows} in Oozie's table SLA_SUMMARY. Reads are without a transaction, of columns and not of objects.
 *
 * <p>On failure the persistence layer's RuntimeException, or IllegalStateException while there is no database service.
 */
final class SlaTables implements SlaRows {
    private static final String TIMEOUT = "javax.persistence.query.timeout";
    private static final int PAGE_TIMEOUT_MS = 30_000;
    private static final int ROW_TIMEOUT_MS = 10_000;
    private static final String COLUMNS = "select s.jobId, s.eventProcessed, s.expectedStartTS, s.expectedEndTS,"
            + " s.expectedDuration, s.actualStartTS from SLASummaryBean s where ";
    private static final String NEXT = " and s.jobId > :after order by s.jobId";
    private static final String BEHIND = "select s.jobId from SLASummaryBean s, %s w where w.id = s.jobId"
            + " and s.eventProcessed < 8 and s.jobStatus <> w.statusStr" + NEXT;

    @Override
    public List<OpenSla> open(String after, int limit) {
        return slas(COLUMNS + "s.eventProcessed < 7" + NEXT, limit, "after", after);
    }

    @Override
    public List<OpenSla> changed(long sinceMs, String after, int limit) {
        return slas(
                COLUMNS + "s.lastModifiedTS >= :since" + NEXT, limit, "after", after, "since", new Timestamp(sinceMs));
    }

    @Override
    public List<String> behind(Kind kind, String after, int limit) {
        List<String> ids = new ArrayList<>();
        for (Object id : read(String.format(BEHIND, entity(kind)), limit, "after", after)) {
            ids.add((String) id);
        }
        return ids;
    }

    private static String entity(Kind kind) {
        switch (kind) {
            case WORKFLOW:
                return "WorkflowJobBean";
            case WORKFLOW_ACTION:
                return "WorkflowActionBean";
            default:
                return "CoordinatorActionBean";
        }
    }

    private static List<OpenSla> slas(String jpql, int limit, Object... namesAndValues) {
        List<OpenSla> slas = new ArrayList<>();
        for (Object row : read(jpql, limit, namesAndValues)) {
            Object[] columns = (Object[]) row;
            slas.add(new OpenSla(
                    (String) columns[0],
                    ((Number) columns[1]).intValue(),
                    new Terms(millis(columns[2]), millis(columns[3]), ((Number) columns[4]).longValue()),
                    millis(columns[5])));
        }
        return slas;
    }

    private static List<?> read(String jpql, int limit, Object... namesAndValues) {
        EntityManager entities = entities();
        try {
            Query query = entities.createQuery(jpql).setMaxResults(limit).setHint(TIMEOUT, PAGE_TIMEOUT_MS);
            for (int i = 0; i < namesAndValues.length; i += 2) {
                query.setParameter((String) namesAndValues[i], namesAndValues[i + 1]);
            }
            List<?> rows = query.getResultList();
            return new ArrayList<Object>(rows);
        } finally {
            entities.close();
        }
    }

    /** A statement on a row that somebody else may have locked: it fails, and does not keep all others waiting. */
    static Query bounded(Query query) {
        return query.setHint(TIMEOUT, ROW_TIMEOUT_MS);
    }

    /** To be closed. */
    static EntityManager entities() {
        return database().getEntityManager();
    }

    static JPAService database() {
        Services services = Services.get();
        JPAService database = services == null ? null : services.get(JPAService.class);
        if (database == null) {
            throw new IllegalStateException("Oozie's database service is not up");
        }
        return database;
    }

    /** Milliseconds since the epoch, null for null. */
    static Long millis(Object time) {
        return time == null ? null : ((Date) time).getTime();
    }

    static Timestamp timestamp(Long millis) {
        return millis == null ? null : new Timestamp(millis);
    }

    static Date date(Long millis) {
        return millis == null ? null : new Date(millis);
    }
}
