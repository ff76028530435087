package org.oozieha.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Test;

public class LineSplitterTest {
    private static final String M1 = "2026-11-20 10:00:00,001 INFO a\n";
    private static final String M2 = "2026-11-20 10:00:00,002 WARN b\n";

    @Test
    public void a_stack_trace_belongs_to_its_message() {
        List<LogLine> lines = split(M1 + "java.lang.Exception: x\n\tat y\n" + M2, 1000);
        assertEquals(4, lines.size());
        assertTrue(lines.get(0).isFirst());
        for (int i = 1; i < 3; i++) {
            assertFalse(lines.get(i).isFirst());
            assertEquals("2026-11-20 10:00:00,001", lines.get(i).timestamp());
        }
        assertTrue(lines.get(3).isFirst());
    }

    @Test
    public void a_preamble_has_no_time_and_stays() {
        List<LogLine> lines = split("Log streaming disabled!!", 1000);
        assertEquals(1, lines.size());
        assertEquals("", lines.get(0).timestamp());
        assertEquals("Log streaming disabled!!\n", lines.get(0).text());
        assertFalse(lines.get(0).isFirst());
    }

    @Test
    public void a_line_too_long_goes_in_pieces_of_one_message() {
        StringBuilder text = new StringBuilder("2026-11-20 10:00:00,001 INFO ");
        for (int i = 0; i < 30; i++) {
            text.append("2026-11-20 10:00:00,009 INFO ");
        }
        List<LogLine> lines = split(text + "\n" + M2, 100);
        assertEquals(text + "\n" + M2, join(lines));
        int first = 0;
        for (LogLine line : lines) {
            assertTrue(line.text().length() <= 100);
            first += line.isFirst() ? 1 : 0;
        }
        assertEquals("only the two messages begin one", 2, first);
    }

    @Test
    public void however_the_text_is_cut_the_lines_are_the_same() {
        String text = "preamble\n" + M1 + "\tat x\n\n" + M2 + "end without a line end";
        List<LogLine> whole = split(text, 1000);
        for (int seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            LineSplitter splitter = new LineSplitter(1000);
            List<LogLine> lines = new ArrayList<>();
            for (int i = 0; i < text.length(); ) {
                int n = Math.min(text.length() - i, 1 + random.nextInt(7));
                lines.addAll(splitter.accept(text.toCharArray(), i, n));
                i += n;
            }
            lines.addAll(splitter.finish());
            assertEquals("seed " + seed, join(whole), join(lines));
            assertEquals("seed " + seed, whole.size(), lines.size());
        }
    }

    private static List<LogLine> split(String text, int maxLength) {
        LineSplitter splitter = new LineSplitter(maxLength);
        List<LogLine> lines = splitter.accept(text.toCharArray(), 0, text.length());
        lines.addAll(splitter.finish());
        return lines;
    }

    private static String join(List<LogLine> lines) {
        StringBuilder text = new StringBuilder();
        for (LogLine line : lines) {
            text.append(line);
        }
        return text.toString();
    }
}
