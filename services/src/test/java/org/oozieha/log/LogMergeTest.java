package org.oozieha.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.Test;

public class LogMergeTest {
    private final List<MissingPart> brokenOff = new ArrayList<>();

    @Test
    public void parts_are_merged_by_time() throws Exception {
        assertEquals(
                at(1, "a1") + at(2, "b1") + at(3, "a2") + at(4, "b2"),
                merged(part("a", at(1, "a1") + at(3, "a2")), part("b", at(2, "b1") + at(4, "b2"))));
    }

    @Test
    public void of_equal_times_on_three_servers_none_is_lost_and_each_server_s_order_stays() throws Exception {
        assertEquals(
                at(1, "a1")
                        + at(1, "a2")
                        + at(1, "b1")
                        + at(1, "b2")
                        + at(1, "c1")
                        + at(1, "c2")
                        + at(2, "a3")
                        + at(2, "c3"),
                merged(
                        part("a", at(1, "a1") + at(1, "a2") + at(2, "a3")),
                        part("b", at(1, "b1") + at(1, "b2")),
                        part("c", at(1, "c1") + at(1, "c2") + at(2, "c3"))));
    }

    @Test
    public void the_lines_of_a_message_stay_together() throws Exception {
        String trace = at(1, "failed") + "java.lang.Exception: x\n\tat y\n\n\tat z\n";
        assertEquals(trace + at(1, "b1") + at(2, "a2"), merged(part("a", trace + at(2, "a2")), part("b", at(1, "b1"))));
    }

    @Test
    public void a_part_without_any_time_comes_first_and_whole() throws Exception {
        assertEquals(
                "Log streaming disabled!!\nreally\n" + at(1, "a1") + at(2, "a2"),
                merged(part("a", at(1, "a1") + at(2, "a2")), part("b", "Log streaming disabled!!\nreally")));
    }

    @Test
    public void an_empty_part_is_no_failure() throws Exception {
        assertEquals(at(1, "a1"), merged(part("a", at(1, "a1")), part("b", "")));
        assertEquals("", merged(part("a", ""), part("b", "")));
        assertTrue(brokenOff.isEmpty());
    }

    @Test
    public void a_limit_counts_messages_of_all_servers_and_keeps_their_further_lines() throws Exception {
        FixedPart a = part("a", at(1, "a1") + "\tat x\n" + at(3, "a2"));
        FixedPart b = part("b", at(2, "b1") + "\tat y\n" + at(4, "b2"));
        assertEquals(at(1, "a1") + "\tat x\n" + at(2, "b1") + "\tat y\n", mergedUpTo(2, a, b));
    }

    @Test
    public void a_limit_of_nothing_gives_nothing() throws Exception {
        assertEquals("", mergedUpTo(0, part("a", at(1, "a1"))));
    }

    @Test
    public void a_part_that_is_missing_from_the_start_is_known_before_anything_is_written() throws Exception {
        LogMerge merge = new LogMerge(100, -1, 100, brokenOff::add);
        FixedPart broken = new FixedPart("b", "", "connection refused");
        List<MissingPart> missing = merge.open(Arrays.asList(part("a", at(1, "a1")), broken));
        assertEquals("[b: connection refused]", missing.toString());
        assertTrue(broken.closed);
        StringWriter out = new StringWriter();
        merge.writeTo(out);
        assertEquals(at(1, "a1"), out.toString());
    }

    @Test
    public void a_part_that_breaks_off_is_named_at_that_point_and_the_rest_goes_on() throws Exception {
        FixedPart broken = new FixedPart("b", at(2, "b1"), "it said <no>");
        assertEquals(
                at(1, "a1") + at(2, "b1")
                        + "The log of Oozie Server b breaks off here (log information may be incomplete): it said"
                        + " &lt;no&gt;\n"
                        + at(3, "a2"),
                merged(part("a", at(1, "a1") + at(3, "a2")), broken));
        assertEquals("[b: it said <no>]", brokenOff.toString());
    }

    @Test
    public void times_that_go_back_within_a_server_lose_nothing() throws Exception {
        assertEquals(
                at(2, "b1") + at(5, "a1") + at(1, "a2") + at(6, "b2"),
                merged(part("a", at(5, "a1") + at(1, "a2")), part("b", at(2, "b1") + at(6, "b2"))));
    }

    @Test
    public void output_is_flushed_before_a_wait_and_after_the_given_length() throws Exception {
        FixedPart slow = part("a", at(1, "a1") + at(2, "a2"));
        slow.ready = false;
        CountingWriter out = new CountingWriter();
        LogMerge merge = new LogMerge(100, -1, 1_000_000, brokenOff::add);
        merge.open(Collections.singletonList(slow));
        merge.writeTo(out);
        assertEquals(2, out.flushes);

        CountingWriter often = new CountingWriter();
        LogMerge small = new LogMerge(100, -1, 3, brokenOff::add);
        small.open(Collections.singletonList(part("a", at(1, "a1") + at(2, "a2") + at(3, "a3"))));
        small.writeTo(often);
        assertEquals(3, often.flushes);
    }

    @Test
    public void a_client_that_has_gone_ends_the_merge() throws Exception {
        PrintWriter gone = new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        LogMerge merge = new LogMerge(100, -1, 10, brokenOff::add);
        merge.open(Collections.singletonList(part("a", at(1, "a1") + at(2, "a2"))));
        try {
            merge.writeTo(gone);
            fail("went on");
        } catch (IOException e) {
            assertEquals("the client has gone", e.getMessage());
        }
    }

    @Test
    public void whatever_the_parts_are_every_line_comes_once_and_in_order() throws Exception {
        for (int seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            FixedPart[] parts = new FixedPart[1 + random.nextInt(4)];
            List<String> all = new ArrayList<>();
            for (int p = 0; p < parts.length; p++) {
                StringBuilder text = new StringBuilder();
                int time = 0;
                for (int i = random.nextInt(30); i > 0; i--) {
                    time += random.nextInt(3);
                    String line = random.nextInt(4) == 0 ? "\tat " + p + " " + i + "\n" : at(time, p + " " + i);
                    text.append(line);
                    all.add(line);
                }
                parts[p] = part("s" + p, text.toString());
            }
            List<String> lines = new ArrayList<>();
            String last = "";
            for (String line : merged(parts).split("(?<=\n)")) {
                if (!line.isEmpty()) {
                    lines.add(line);
                }
                String timestamp = LogTimestamp.of(line);
                if (timestamp != null) {
                    assertTrue("seed " + seed, timestamp.compareTo(last) >= 0);
                    last = timestamp;
                }
            }
            Collections.sort(all);
            Collections.sort(lines);
            assertEquals("seed " + seed, all, lines);
        }
    }

    private String merged(FixedPart... parts) throws Exception {
        return mergedUpTo(-1, parts);
    }

    private String mergedUpTo(int limit, FixedPart... parts) throws Exception {
        LogMerge merge = new LogMerge(100, limit, 4096, brokenOff::add);
        assertTrue(merge.open(Arrays.asList(parts)).isEmpty());
        StringWriter out = new StringWriter();
        merge.writeTo(out);
        return out.toString();
    }

    private static String at(int ms, String text) {
        return String.format("2026-11-20 10:00:00,%03d INFO X:1 - SERVER[s] %s%n", ms, text);
    }

    private static FixedPart part(String server, String text) {
        return new FixedPart(server, text, null);
    }

    private static final class FixedPart implements LogSource {
        private final String server;
        private final Deque<LogLine> lines;
        private final String failure;
        private boolean ready = true;
        private boolean closed;

        FixedPart(String server, String text, String failure) {
            LineSplitter splitter = new LineSplitter(1000);
            this.server = server;
            this.lines = new ArrayDeque<>(splitter.accept(text.toCharArray(), 0, text.length()));
            this.lines.addAll(splitter.finish());
            this.failure = failure;
        }

        @Override
        public String server() {
            return server;
        }

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public LogLine next(long deadlineNanos) throws LogSourceException {
            if (lines.isEmpty() && failure != null) {
                throw new LogSourceException(failure);
            }
            return lines.poll();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class CountingWriter extends StringWriter {
        private int flushes;

        @Override
        public void flush() {
            flushes++;
        }
    }
}
