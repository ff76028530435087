package org.oozieha.cluster;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import org.junit.Test;

public final class LeaseTermsTest {
    @Test
    public void ten_seconds_with_a_tick_of_two_leave_a_lease_of_five_point_three() {
        LeaseTerms terms = LeaseTerms.of(10_000, 2_000);
        assertEquals(1_666, terms.heartbeatIntervalMs());
        assertEquals(5_334, terms.leaseMs());
    }

    @Test
    public void times_that_leave_no_safe_lease_are_refused_with_the_numbers_and_the_properties() {
        try {
            LeaseTerms.of(4_000, 2_000);
            fail("accepted");
        } catch (IllegalArgumentException refused) {
            String why = refused.getMessage();
            assertTrue(why, why.contains("4000") && why.contains("2000") && why.contains("1333"));
            assertTrue(why, why.contains("oozie.ha.session.timeout.ms") && why.contains("oozie.ha.zookeeper.tick.ms"));
        }
    }

    @Test
    public void every_accepted_lease_ends_a_tick_a_heartbeat_and_a_margin_before_the_session_can() {
        for (long t = 1; t < 60_000; t += 37) {
            for (long tick = 1; tick < 5_000; tick += 83) {
                try {
                    LeaseTerms terms = LeaseTerms.of(t, tick);
                    assertTrue(terms.leaseMs() >= t / 3);
                    assertTrue(terms.leaseMs() + terms.heartbeatIntervalMs() + tick + Math.max(500, t / 10) <= t);
                } catch (IllegalArgumentException refused) {
                    assertTrue(refused.getMessage(), t - t / 6 - tick - Math.max(t / 10, 500) < t / 3);
                }
            }
        }
    }
}
