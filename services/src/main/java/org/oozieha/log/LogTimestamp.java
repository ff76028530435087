package org.oozieha.log;

/** Finds the timestamp of Oozie's log4j layout: {@code yyyy-MM-dd HH:mm:ss,SSS}, then blanks, a level, blanks. */
final class LogTimestamp {
    private static final String SHAPE = "0000-00-00 00:00:00,000";

    private LogTimestamp() {}

    /** The timestamp, or null if {@code line} does not begin a message. */
    static String of(CharSequence line) {
        int end = SHAPE.length();
        if (line.length() <= end) {
            return null;
        }
        for (int i = 0; i < end; i++) {
            char c = line.charAt(i);
            char shape = SHAPE.charAt(i);
            if (shape == '0' ? c < '0' || c > '9' : c != shape) {
                return null;
            }
        }
        int level = skipBlanks(line, end);
        int afterLevel = level;
        while (afterLevel < line.length() && isWord(line.charAt(afterLevel))) {
            afterLevel++;
        }
        boolean begins = level > end && afterLevel > level && skipBlanks(line, afterLevel) > afterLevel;
        return begins ? line.subSequence(0, end).toString() : null;
    }

    private static int skipBlanks(CharSequence line, int from) {
        int i = from;
        while (i < line.length() && Character.isWhitespace(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isWord(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
    }
}
