package org.oozieha.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.Test;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.ServerState;

public class HealthTest {
    private long nanos;
    private final List<Runnable> queued = new ArrayList<>();
    private final Executor later = queued::add;

    @Test
    public void an_active_server_takes_requests_also_without_a_lease() {
        assertEquals(Health.ACTIVE, Health.of(ServerState.ACTIVE, false, true, lease(true), false));
        assertEquals(Health.NO_LEASE, Health.of(ServerState.ACTIVE, false, true, lease(false), false));
        assertEquals(200, Health.ACTIVE.httpStatus());
        assertEquals(200, Health.NO_LEASE.httpStatus());
    }

    @Test
    public void every_other_state_refuses_requests() {
        assertEquals(Health.JOINING, Health.of(ServerState.JOINING, false, true, lease(true), false));
        assertEquals(Health.DRAINING, Health.of(ServerState.DRAINING, true, false, lease(false), false));
        assertEquals(Health.SAFEMODE, Health.of(ServerState.SAFEMODE, false, true, lease(true), false));
        assertEquals(Health.SAFEMODE, Health.of(ServerState.ACTIVE, true, true, lease(true), false));
        assertEquals(Health.NO_DATABASE, Health.of(ServerState.ACTIVE, false, false, lease(false), false));
        assertEquals(Health.FENCED, Health.of(ServerState.ACTIVE, false, true, lease(false), true));
        for (Health health :
                new Health[] {Health.JOINING, Health.DRAINING, Health.SAFEMODE, Health.NO_DATABASE, Health.FENCED}) {
            assertEquals(503, health.httpStatus());
        }
    }

    @Test
    public void asking_for_the_database_never_waits_for_its_answer() {
        DatabaseProbe probe = new DatabaseProbe(() -> false, later, () -> nanos);
        assertTrue(probe.reachable());
        assertTrue(probe.reachable());
        assertEquals("one question at a time", 1, queued.size());
        queued.remove(0).run();
        assertFalse(probe.reachable());
    }

    @Test
    public void a_database_that_does_not_answer_in_ten_seconds_is_out_of_reach() {
        DatabaseProbe probe = new DatabaseProbe(() -> true, later, () -> nanos);
        assertTrue(probe.reachable());
        nanos += 9_000_000_000L;
        assertTrue(probe.reachable());
        nanos += 2_000_000_000L;
        assertFalse(probe.reachable());
        queued.remove(0).run();
        assertTrue(probe.reachable());
    }

    @Test
    public void the_database_is_asked_at_most_every_two_seconds() {
        boolean[] up = {false};
        int[] asked = {0};
        DatabaseProbe probe = new DatabaseProbe(
                () -> {
                    asked[0]++;
                    return up[0];
                },
                Runnable::run,
                () -> nanos);
        assertFalse(probe.reachable());
        up[0] = true;
        assertFalse(probe.reachable());
        assertEquals(1, asked[0]);
        nanos += 2_000_000_000L;
        assertTrue(probe.reachable());
        assertEquals(2, asked[0]);
    }

    @Test
    public void a_question_that_fails_counts_as_out_of_reach() {
        DatabaseProbe probe = new DatabaseProbe(
                () -> {
                    throw new IllegalStateException("no connection");
                },
                Runnable::run,
                () -> nanos);
        assertFalse(probe.reachable());
    }

    private static Lease lease(boolean valid) {
        return new Lease() {
            @Override
            public Incarnation incarnation() {
                return Incarnation.of("a", 1);
            }

            @Override
            public boolean isValid(Incarnation incarnation) {
                return valid;
            }

            @Override
            public boolean stands(Incarnation incarnation) {
                return true;
            }

            @Override
            public long remainingMs() {
                return valid ? 1 : 0;
            }
        };
    }
}
