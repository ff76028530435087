package org.oozieha.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.oozieha.testing.Eventually;

public class RequestGateTest {
    private final RequestGate gate = new RequestGate();

    @Test
    public void requests_go_through_an_open_gate() {
        assertTrue(gate.enter());
        assertTrue(gate.enter());
    }

    @Test
    public void nobody_gets_through_a_closed_gate() {
        assertEquals(0, gate.closeAndAwait(0));
        assertFalse(gate.enter());
        assertFalse(RequestGate.closed().enter());
    }

    @Test
    public void closing_waits_for_the_request_inside_and_refuses_the_next() throws Exception {
        gate.enter();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Integer> closing = CompletableFuture.supplyAsync(() -> {
            begun.countDown();
            return gate.closeAndAwait(60_000);
        });
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        Eventually.until("closed to new requests", () -> {
            boolean entered = gate.enter();
            if (entered) {
                gate.exit();
            }
            return !entered;
        });
        assertFalse("waits", closing.isDone());
        gate.exit();
        assertEquals(0, closing.get(10, TimeUnit.SECONDS).intValue());
    }

    @Test
    public void closing_gives_up_after_its_bound_and_tells_how_many_are_cut_off() {
        gate.enter();
        gate.enter();
        assertEquals(2, gate.closeAndAwait(10));
    }
}
