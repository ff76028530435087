package org.oozieha.id;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public final class StartTimeTest {
    private static final long MOMENT = 1_795_173_613_007L;
    private static final String TEXT = "261120112013007";

    @Test
    public void a_start_time_is_written_in_utc_whatever_the_default_zone() {
        TimeZone before = TimeZone.getDefault();
        try {
            for (String zone : new String[] {"UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"}) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                assertEquals(TEXT, StartTime.ofMillis(MOMENT).toString());
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    public void jvms_in_different_zones_and_languages_write_the_same() throws Exception {
        for (String[] flags : new String[][] {
            {"-Duser.timezone=Asia/Kolkata", "-Duser.language=ar"},
            {"-Duser.timezone=America/New_York", "-Duser.language=th"}
        }) {
            assertEquals(TEXT, inJvm(flags[0], flags[1], "-Duser.country=TH"));
        }
    }

    @Test
    public void the_hour_that_clocks_show_twice_in_autumn_has_different_texts() {
        long first = 1_792_889_999_999L;
        assertNotEquals(
                StartTime.ofMillis(first).toString(),
                StartTime.ofMillis(first + 3_600_000).toString());
    }

    @Test
    public void a_text_is_read_back() {
        for (long moment : new long[] {0, MOMENT, 946_684_799_999L, 946_684_800_000L, 3_155_759_999_999L}) {
            assertEquals(
                    moment,
                    StartTime.parse(StartTime.ofMillis(moment).toString()).getAsLong());
        }
    }

    @Test
    public void what_is_no_start_time_is_passed_over() {
        for (String text :
                new String[] {"", "26112011201300", "2611201120130070", "26112011201300x", "261320112013007"}) {
            assertFalse(text, StartTime.parse(text).isPresent());
        }
    }

    @Test
    public void the_mark_is_the_highest_number_and_the_newest_start_time_of_counted_ids() {
        HighWaterMark.Mark mark = HighWaterMark.Mark.of(Arrays.asList(
                "0000007-261120112013007-oozie-joe-W",
                "0000042-250101000000000-oozie-joe-C",
                "f47ac10b-58cc-4372-a567-0e02b2c3-oozie-joe-B",
                "00000999-261120112013008-oozie-joe-W",
                "0000999-nonsense",
                ""));
        assertTrue(mark.exists());
        assertEquals(42, mark.number());
        assertEquals(MOMENT, mark.startMillis());
        assertFalse(HighWaterMark.Mark.of(Arrays.asList("x", "")).exists());
    }

    private static String inJvm(String... flags) throws Exception {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        String classes = new File(StartTime.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                + File.pathSeparator
                + new File(Printed.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
        Process process = new ProcessBuilder(
                        java, flags[0], flags[1], flags[2], "-cp", classes, Printed.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = out.readLine();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            return line;
        } finally {
            process.destroyForcibly();
        }
    }

    static final class Printed {
        private Printed() {}

        public static void main(String[] args) {
            System.out.println(StartTime.ofMillis(MOMENT));
        }
    }
}
