package org.oozieha.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class LineBufferTest {
    private static final double SCALE = Double.parseDouble(System.getProperty("it.timing.scale", "1"));

    @Test
    public void a_full_buffer_holds_the_reader_back_until_there_is_room() throws Exception {
        LineBuffer buffer = new LineBuffer(1000, 60_000);
        CompletableFuture<Integer> put = writeLines(buffer, 100, 100);
        assertFalse(isDoneWithin(put, 200));
        assertTrue("held=" + buffer.held(), buffer.held() < 1000 + 200);
        int taken = 0;
        while (buffer.await(in(5_000)) && buffer.poll() != null) {
            taken++;
            assertTrue("held=" + buffer.held(), buffer.held() < 1000 + 200);
        }
        assertEquals(100, taken);
        assertEquals(100, (int) put.get(5, TimeUnit.SECONDS));
    }

    @Test
    public void a_reader_held_back_for_long_goes_on_in_steps_up_to_a_limit() throws Exception {
        LineBuffer buffer = new LineBuffer(1000, 10);
        CompletableFuture<Integer> put = writeLines(buffer, 1000, 100);
        long deadline = in(10_000);
        while (buffer.held() < 15_500 && System.nanoTime() < deadline) {
            Thread.yield();
        }
        assertFalse(isDoneWithin(put, 200));
        assertTrue("held=" + buffer.held(), buffer.held() >= 15_500 && buffer.held() < 16_000 + 200);
        buffer.close();
        assertTrue(isDoneWithin(put, 5_000));
    }

    @Test
    public void lines_come_before_the_failure() throws Exception {
        LineBuffer buffer = new LineBuffer(1000, 10);
        buffer.put(Collections.singletonList(LogLine.further("", "x\n")));
        buffer.fail("broke off");
        assertEquals("x\n", buffer.poll().text());
        assertTrue(buffer.await(in(0)));
        try {
            buffer.poll();
            fail("no failure");
        } catch (LogSourceException e) {
            assertEquals("broke off", e.getMessage());
        }
    }

    @Test
    public void the_end_is_null() throws Exception {
        LineBuffer buffer = new LineBuffer(1000, 10);
        buffer.end();
        buffer.fail("too late");
        assertTrue(buffer.await(in(0)));
        assertNull(buffer.poll());
    }

    @Test
    public void waiting_for_a_line_ends_at_the_deadline() throws Exception {
        long before = System.nanoTime();
        assertFalse(new LineBuffer(1000, 10).await(in(50)));
        assertTrue(System.nanoTime() - before < TimeUnit.MILLISECONDS.toNanos((long) (2_000 * SCALE)));
    }

    @Test
    public void closing_sends_the_reader_away() throws Exception {
        LineBuffer buffer = new LineBuffer(100, 60_000);
        CompletableFuture<Integer> put = writeLines(buffer, 100, 100);
        assertFalse(isDoneWithin(put, 50));
        buffer.close();
        assertTrue(isDoneWithin(put, 5_000));
        assertEquals(0, buffer.held());
    }

    /** Puts lines from a thread of its own; the result is how many were taken in. */
    private static CompletableFuture<Integer> writeLines(LineBuffer buffer, int count, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < length; i++) {
            text.append('x');
        }
        LogLine line = LogLine.further("", text.append('\n').toString());
        CompletableFuture<Integer> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            int put = 0;
            try {
                for (; put < count; put++) {
                    buffer.put(Collections.singletonList(line));
                }
                buffer.end();
            } catch (IOException e) {
                // closed
            }
            done.complete(put);
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private static boolean isDoneWithin(CompletableFuture<?> future, long ms) throws Exception {
        try {
            future.get((long) (ms * SCALE), TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    private static long in(long ms) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos((long) (ms * SCALE));
    }
}
