package org.oozieha.takeover;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.memory.MemoryEnsemble;

public final class ErrorSpellTest {
    private final MemoryEnsemble ensemble = MemoryEnsemble.stepped();
    private final SteppedTimer timer = new SteppedTimer(ensemble);
    private int ended;
    private final ErrorSpell spell =
            new ErrorSpell(timer, () -> ensemble.clock().nanos(), () -> ended++);

    @After
    public void close() {
        ensemble.close();
    }

    @Test
    public void one_end_follows_many_errors_once_they_have_stopped() {
        for (int i = 0; i < 20; i++) {
            spell.seen();
            timer.advance(1_000);
        }
        assertEquals("while they come", 0, ended);
        timer.advance(ErrorSpell.QUIET_MS);
        assertEquals(1, ended);
        timer.advance(10 * ErrorSpell.GAP_MS);
        assertEquals("nothing more came", 1, ended);
    }

    @Test
    public void errors_that_come_again_for_ever_are_answered_now_and_then() {
        for (int i = 0; i < 60; i++) {
            spell.seen();
            timer.advance(2 * ErrorSpell.QUIET_MS);
        }
        timer.advance(ErrorSpell.GAP_MS);
        assertTrue("in ten minutes " + ended, ended >= 18 && ended <= 22);
    }
}
