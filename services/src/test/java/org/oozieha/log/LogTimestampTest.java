package org.oozieha.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import org.junit.Test;

public class LogTimestampTest {
    @Test
    public void a_line_of_stock_s_layout_begins_a_message() {
        assertEquals(
                "2026-11-20 11:12:13,014",
                LogTimestamp.of("2026-11-20 11:12:13,014  INFO ActionStartXCommand:520 - SERVER[oozie-1] USER[u] x\n"));
        assertEquals("2026-11-20 11:12:13,014", LogTimestamp.of("2026-11-20 11:12:13,014 WARN x\n"));
    }

    @Test
    public void other_lines_do_not() {
        assertNull(LogTimestamp.of(""));
        assertNull(LogTimestamp.of("\n"));
        assertNull(LogTimestamp.of("java.io.IOException: x\n"));
        assertNull(LogTimestamp.of("\tat org.x.Y.z(Y.java:1)\n"));
        assertNull(LogTimestamp.of("2026-11-20 11:12:13,014"));
        assertNull(LogTimestamp.of("2026-11-20 11:12:13,014\n"));
        assertNull(LogTimestamp.of("2026-11-20 11:12:13,014INFO x\n"));
        assertNull(LogTimestamp.of("2026-11-20 11:12:13.014 INFO x\n"));
        assertNull(LogTimestamp.of("2026-11-20 11:12:13,014 -- x\n"));
        assertNull(LogTimestamp.of(" 2026-11-20 11:12:13,014 INFO x\n"));
    }
}
