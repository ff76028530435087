package org.oozieha.sla;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.persistence.EntityManager;
import javax.persistence.EntityTransaction;
import javax.persistence.Query;
import org.junit.Test;

public final class RecordEventsTest {
    private static final String ID = "0000001-000000000000000-oozie-test-W";
    private static final long NOW = 1_700_000_000_000L;

    private final List<String> statements = new ArrayList<>();
    private final List<String> bounded = new ArrayList<>();
    /** Statements, and what is done with the transaction. */
    private final List<String> steps = new ArrayList<>();

    private boolean jobIsThere = true;
    private Object[] sla = started();
    private int rowsWritten = 1;

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

    @Test
    public void whoever_is_overtaken_before_writing_has_no_event_and_no_alert() {
        sla = missed();
        rowsWritten = 0;
        RecordEvents.Outgoing outgoing = new RecordEvents(ID, () -> NOW, "one#1", true).execute(entities());
        assertSame(RecordEvents.Outgoing.OVERTAKEN, outgoing);
        assertEquals(0, outgoing.events);
        assertEquals(Collections.emptyList(), outgoing.alerts);
        assertEquals("the SLA, its job, the change: " + statements, 3, statements.size());
    }

    @Test
    public void what_was_recorded_before_it_is_read_is_written_and_told_no_more() {
        sla = recorded();
        RecordEvents.Outgoing outgoing = new RecordEvents(ID, () -> NOW, "one#1", true).execute(entities());
        assertEquals("the SLA, its job: " + statements, 2, statements.size());
        assertEquals(0, outgoing.events);
        assertEquals(Collections.emptyList(), outgoing.alerts);
        assertNotNull("its cache is told", outgoing.sla);
    }

    @Test
    public void repeated_by_oozie_it_rolls_back_what_failed_and_reads_again() {
        RecordEvents repeated = new RecordEvents(ID, () -> NOW, "one#1", true);
        repeated.execute(entities());
        assertEquals("the transaction is Oozie's", 3, steps.size());
        steps.clear();
        repeated.execute(entities());
        assertEquals(Arrays.asList("rollback", "begin"), steps.subList(0, 2));
        assertTrue(steps.toString(), steps.get(2).startsWith("select s.eventProcessed"));
        assertEquals(5, steps.size());
    }

    @Test
    public void a_row_that_cannot_be_read_is_left_as_it_is_and_not_repeated_by_oozie() {
        sla = started();
        sla[2] = "NO_SUCH_EVENT";
        RecordEvents.Outgoing outgoing = new RecordEvents(ID, () -> NOW, "one#1", true).execute(entities());
        assertTrue(String.valueOf(outgoing.unreadable), outgoing.unreadable instanceof IllegalArgumentException);
        assertTrue(
                outgoing.unreadable.getMessage(),
                outgoing.unreadable.getMessage().contains("NO_SUCH_EVENT"));
        assertEquals("rollback", steps.get(steps.size() - 1));
    }

    private EntityManager entities() {
        return (EntityManager) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EntityManager.class}, (self, method, arguments) -> {
                    if (method.getName().equals("getTransaction")) {
                        return transaction();
                    }
                    assertEquals("createQuery", method.getName());
                    statements.add((String) arguments[0]);
                    steps.add((String) arguments[0]);
                    return query((String) arguments[0]);
                });
    }

    /** One that is active, as Oozie has begun it. */
    private EntityTransaction transaction() {
        return (EntityTransaction) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EntityTransaction.class}, (self, method, arguments) -> {
                    if (method.getName().equals("isActive")) {
                        return true;
                    }
                    steps.add(method.getName());
                    return null;
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
                                return Collections.singletonList(sla);
                            }
                            return jobIsThere ? Collections.singletonList(job()) : Collections.emptyList();
                        case "executeUpdate":
                            return rowsWritten;
                        default:
                            throw new AssertionError(method);
                    }
                });
    }

    /** An SLA that awaits nothing, of a job that started since. */
    private static Object[] started() {
        Object[] row = new Object[16];
        row[0] = (byte) 0;
        row[1] = "NOT_STARTED";
        row[3] = "PREP";
        row[6] = -1L;
        row[9] = -1L;
        row[10] = new Timestamp(NOW - 1_000);
        return row;
    }

    /** An SLA whose end was to be an hour ago. */
    private static Object[] missed() {
        Object[] row = started();
        row[8] = new Timestamp(NOW - 3_600_000);
        return row;
    }

    /** The same, as another transaction has left it. */
    private static Object[] recorded() {
        Object[] row = missed();
        row[0] = (byte) 7;
        row[1] = "MISS";
        row[2] = "END_MISS";
        row[3] = "RUNNING";
        row[4] = new Timestamp(NOW - 500);
        return row;
    }

    private static Object[] job() {
        return new Object[] {"RUNNING", new Timestamp(NOW - 500), null, new Timestamp(NOW - 500)};
    }
}
