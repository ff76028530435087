package org.oozieha.sla.follow;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public final class RetriesTest {
    private final Retries retries = new Retries();

    @Test
    public void a_sweep_forgets_what_is_not_in_the_database_any_more() {
        retries.failed("there", 0);
        retries.failed("deleted", 0);
        retries.sweepBegins();
        retries.seen("there");
        retries.failed("new", 0);
        retries.sweepEnds();
        assertEquals(2, retries.size());
        assertEquals(Long.MIN_VALUE, retries.notBefore("deleted"));
        assertEquals(Retries.FIRST_MS, retries.notBefore("there"));
        assertEquals(Retries.FIRST_MS, retries.notBefore("new"));
    }

    @Test
    public void the_wait_doubles_up_to_an_hour() {
        for (long wait = Retries.FIRST_MS; wait < Retries.LONGEST_MS; wait *= 2) {
            retries.failed("a", 0);
            assertEquals(wait, retries.notBefore("a"));
        }
        retries.failed("a", 0);
        retries.failed("a", 0);
        assertEquals(Retries.LONGEST_MS, retries.notBefore("a"));
    }
}
