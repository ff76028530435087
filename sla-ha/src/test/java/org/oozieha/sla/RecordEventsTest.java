package org.oozieha.sla;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertSame;

import java.lang.reflect.Proxy;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.junit.Test;

public final class RecordEventsTest {
    private static final String ID = "0000001-000000000000000-oozie-test-W";
    private static final long NOW = 1_700_000_000_000L;

    private final List<String> statements = new ArrayList<>();
    private final List<String> bounded = new ArrayList<>();
    private boolean jobIsThere = true;

    @Test
    public void no_statement_waits_for_a_locked_row_without_a_bound() {
        RecordEvents.Outgoing outgoing = new RecordEvents(ID, () -> NOW, "one#1", true).execute(entities());
        assertNotNull(outgoing.sla);
        assertEquals("the SLA, its job, the change: " + statements, 3, statements.size());
        assertEquals(statements, bounded);
    }

    @Test
    public void a_job_that_is_not_there_is_gone_once_its_sla_is_an_hour_old() {
        jobIsThere = false;
        assertSame(
                RecordEvents.Outgoing.MISSING,
                new RecordEvents(ID, () -> NOW + 3_598_999, "one#1", true).execute(entities()));
        assertSame(
                RecordEvents.Outgoing.GONE,
                new RecordEvents(ID, () -> NOW + 3_599_000, "one#1", true).execute(entities()));
    }

    /** An SLA that awaits nothing, of a job that started since. */
    private EntityManager entities() {
        return (EntityManager) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EntityManager.class}, (self, method, arguments) -> {
                    assertEquals("createQuery", method.getName());
                    statements.add((String) arguments[0]);
                    return query((String) arguments[0]);
                });
    }

    private Query query(String jpql) {
        return (Query) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Query.class}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "setHint":
                            assertEquals("javax.persistence.query.timeout", arguments[0]);
                            bounded.add(jpql);
                            return self;
                        case "setParameter":
                            return self;
                        case "getResultList":
                            if (jpql.contains("SLASummaryBean")) {
                                return Collections.singletonList(sla());
                            }
                            return jobIsThere ? Collections.singletonList(job()) : Collections.emptyList();
                        case "executeUpdate":
                            return 1;
                        default:
                            throw new AssertionError(method);
                    }
                });
    }

    private static Object[] sla() {
        Object[] row = new Object[16];
        row[0] = (byte) 0;
        row[1] = "NOT_STARTED";
        row[3] = "PREP";
        row[6] = -1L;
        row[9] = -1L;
        row[10] = new Timestamp(NOW - 1_000);
        return row;
    }

    private static Object[] job() {
        return new Object[] {"RUNNING", new Timestamp(NOW - 500), null, new Timestamp(NOW - 500)};
    }
}
