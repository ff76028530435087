package org.oozieha.id;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The second part of a job id: a moment as {@code yyMMddHHmmssSSS}, always in UTC. Immutable.
 *
 * <p>Any two moments less than a hundred years apart have different texts, whatever the time zone of the JVM and through any
 * daylight-saving change.
 */
public final class StartTime {
    private static final int LENGTH = 15;
    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("yyMMddHHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final long millis;
    private final String text;

    private StartTime(long millis) {
        this.millis = millis;
        this.text = TEXT.format(Instant.ofEpochMilli(millis));
    }

    /** @param millis milliseconds since the epoch */
    public static StartTime ofMillis(long millis) {
        return new StartTime(millis);
    }

    /**
     * The moment a text stands for, read as UTC; years 70 to 99 are those of the last century. Texts of stock servers are in
     * their own zone and come out up to 14 hours off.
     *
     * @return milliseconds since the epoch; empty if the text is no start time
     */
    static OptionalLong parse(String text) {
        if (text.length() != LENGTH || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        String century = text.charAt(0) >= '7' ? "19" : "20";
        String iso = century
                + text.substring(0, 2)
                + '-'
                + text.substring(2, 4)
                + '-'
                + text.substring(4, 6)
                + 'T'
                + text.substring(6, 8)
                + ':'
                + text.substring(8, 10)
                + ':'
                + text.substring(10, 12)
                + '.'
                + text.substring(12)
                + 'Z';
        try {
            return OptionalLong.of(Instant.parse(iso).toEpochMilli());
        } catch (DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }

    public long millis() {
        return millis;
    }

    /** The fifteen digits of the job id. */
    @Override
    public String toString() {
        return text;
    }
}
