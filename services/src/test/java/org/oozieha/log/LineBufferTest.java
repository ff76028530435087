package org.oozieha.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.Test;

public class LineBufferTest {
    private static final double SCALE = Double.parseDouble(System.getProperty("it.timing.scale", "1"));

    @Test
    public void a_full_buffer_holds_the_reader_back_until_there_is_room() throws Exception {
        LineBuffer buffer = new LineBuffer(1000, 0);
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
    public void more_lines_wait_on_disk_and_come_back_in_order() throws Exception {
        LineBuffer buffer = new LineBuffer(1000, 1 << 20);
        List<LogLine> expected = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 200; i++) {
                String text = round + " é\uD83D\uDE00 " + i + "\n";
                LogLine line = i % 2 == 0
                        ? LogLine.first("2026-11-20 10:00:00,00" + round, text)
                        : LogLine.further(i == 1 ? "" : "2026-11-20 10:00:00,001", text);
                expected.add(line);
                buffer.put(Collections.singletonList(line));
                assertTrue("held=" + buffer.held(), buffer.held() < 1000 + 200);
            }
            for (int i = 0; i < 100 + round * 50; i++) {
                assertTrue(buffer.await(in(0)));
                assertSame(expected.remove(0), buffer.poll());
            }
        }
        buffer.end();
        for (LogLine line : expected) {
            assertFalse(buffer.isEmpty());
            assertSame(line, buffer.poll());
        }
        assertTrue(buffer.isEmpty());
        assertNull(buffer.poll());
        buffer.close();
    }

    @Test
    public void a_full_disk_holds_the_reader_back_until_all_of_it_was_taken() throws Exception {
        LineBuffer buffer = new LineBuffer(1000, 5_000);
        CompletableFuture<Integer> put = writeLines(buffer, 1000, 100);
        assertFalse(isDoneWithin(put, 200));
        int taken = 0;
        while (buffer.await(in(5_000)) && buffer.poll() != null) {
            taken++;
        }
        assertEquals(1000, taken);
        assertEquals(1000, (int) put.get(5, TimeUnit.SECONDS));
    }

    @Test
    public void nothing_stays_on_disk() throws Exception {
        LineBuffer buffer = new LineBuffer(100, 1 << 20);
        Path tmpdir = Paths.get(System.getProperty("java.io.tmpdir"));
        writeLines(buffer, 1000, 100).get(10, TimeUnit.SECONDS);
        buffer.close();
        try (Stream<Path> files = Files.list(tmpdir)) {
            assertEquals(
                    0,
                    files.filter(f -> f.getFileName().toString().endsWith(".spill"))
                            .count());
        }
    }

    @Test
    public void lines_come_before_the_failure() throws Exception {
        LineBuffer buffer = new LineBuffer(1000, 0);
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
        LineBuffer buffer = new LineBuffer(1000, 0);
        buffer.end();
        buffer.fail("too late");
        assertTrue(buffer.await(in(0)));
        assertNull(buffer.poll());
    }

    @Test
    public void waiting_for_a_line_ends_at_the_deadline() throws Exception {
        long before = System.nanoTime();
        assertFalse(new LineBuffer(1000, 0).await(in(50)));
        assertTrue(System.nanoTime() - before < TimeUnit.MILLISECONDS.toNanos((long) (2_000 * SCALE)));
    }

    @Test
    public void closing_sends_the_reader_away() throws Exception {
        LineBuffer buffer = new LineBuffer(100, 0);
        CompletableFuture<Integer> put = writeLines(buffer, 100, 100);
        assertFalse(isDoneWithin(put, 50));
        buffer.close();
        assertTrue(isDoneWithin(put, 5_000));
        assertEquals(0, buffer.held());
    }

    private static void assertSame(LogLine expected, LogLine actual) {
        assertEquals(expected.text(), actual.text());
        assertEquals(expected.timestamp(), actual.timestamp());
        assertEquals(expected.isFirst(), actual.isFirst());
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
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static long in(long ms) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos((long) (ms * SCALE));
    }
}
