package org.oozieha.service;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import javax.persistence.EntityManager;
import javax.persistence.EntityTransaction;
import javax.persistence.Query;
import org.apache.oozie.service.JPAService;
import org.apache.oozie.service.Services;

/**
 * Rows of Oozie's tables; reads are without a transaction.
 *
 * <p>On failure the persistence layer's RuntimeException, or IllegalStateException while there is no database service. A read is bounded
 * in time as far as the driver allows. Thread-safe.
 */
public final class JobRows {
    private static final int TIMEOUT_MS = 30_000;

    private JobRows() {}

    /**
     * @param select ends in its where clause
     * @param idColumn compared with {@code after}, and the order
     * @param after the last id of the page before; empty for the first page
     * @param jobColumn compared with {@code jobs} unless they are empty
     * @param namesAndValues further parameters
     */
    public static List<Object[]> page(
            String select,
            String idColumn,
            String jobColumn,
            String after,
            int limit,
            Set<String> jobs,
            Object... namesAndValues) {
        String jpql = pageOf(select, idColumn, jobColumn, after, jobs);
        EntityManager entities = open();
        try {
            Query query = entities.createQuery(jpql).setMaxResults(limit);
            if (!after.isEmpty()) {
                query.setParameter("after", after);
            }
            if (!jobs.isEmpty()) {
                query.setParameter("jobs", jobs);
            }
            return rows(query, namesAndValues);
        } finally {
            entities.close();
        }
    }

    /** The first page is not compared: Oracle takes an empty text for null, and nothing is greater than that. */
    static String pageOf(String select, String idColumn, String jobColumn, String after, Set<String> jobs) {
        return select + (after.isEmpty() ? "" : " and " + idColumn + " > :after")
                + (jobs.isEmpty() ? "" : " and " + jobColumn + " in (:jobs)") + " order by " + idColumn;
    }

    /** The row, or null if there is none. */
    public static Object[] row(String jpql, String id) {
        List<Object[]> rows = rows(jpql, id);
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** All rows for the parameter {@code :id}. */
    static List<Object[]> rows(String jpql, String id) {
        EntityManager entities = open();
        try {
            return rows(entities.createQuery(jpql).setParameter("id", id));
        } finally {
            entities.close();
        }
    }

    /** Runs an update in a transaction of its own. */
    static void update(String jpql, Object... namesAndValues) {
        EntityManager entities = open();
        try {
            EntityTransaction transaction = entities.getTransaction();
            transaction.begin();
            try {
                Query query = entities.createQuery(jpql);
                for (int i = 0; i < namesAndValues.length; i += 2) {
                    query.setParameter((String) namesAndValues[i], namesAndValues[i + 1]);
                }
                query.executeUpdate();
                transaction.commit();
            } finally {
                if (transaction.isActive()) {
                    transaction.rollback();
                }
            }
        } finally {
            entities.close();
        }
    }

    private static EntityManager open() {
        Services services = Services.get();
        JPAService database = services == null ? null : services.get(JPAService.class);
        if (database == null) {
            throw new IllegalStateException("Oozie's database service is not up");
        }
        return database.getEntityManager();
    }

    private static List<Object[]> rows(Query query, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.setParameter((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        List<Object[]> rows = new ArrayList<>();
        for (Object row :
                query.setHint("javax.persistence.query.timeout", TIMEOUT_MS).getResultList()) {
            rows.add(row instanceof Object[] ? (Object[]) row : new Object[] {row});
        }
        return Collections.unmodifiableList(rows);
    }
}
