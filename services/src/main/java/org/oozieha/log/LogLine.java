package org.oozieha.log;

import java.util.Objects;

/** One line of a log, with its line end, and the message it belongs to. Immutable. */
final class LogLine {
    private final String timestamp;
    private final String text;
    private final boolean first;

    private LogLine(String timestamp, String text, boolean first) {
        this.timestamp = Objects.requireNonNull(timestamp, "timestamp");
        this.text = Objects.requireNonNull(text, "text");
        this.first = first;
    }

    /** The line that begins a message. */
    static LogLine first(String timestamp, String text) {
        return new LogLine(timestamp, text, true);
    }

    /** A further line of the message of that time; before any message the timestamp is empty. */
    static LogLine further(String timestamp, String text) {
        return new LogLine(timestamp, text, false);
    }

    /** Of the message, {@code yyyy-MM-dd HH:mm:ss,SSS}: sorts as text. */
    String timestamp() {
        return timestamp;
    }

    String text() {
        return text;
    }

    boolean isFirst() {
        return first;
    }

    @Override
    public String toString() {
        return text;
    }
}
