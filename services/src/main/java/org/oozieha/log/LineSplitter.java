package org.oozieha.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into lines and tells which message each belongs to. Nothing is lost: text without a timestamp belongs to the message
 * before it, a line that is too long to be held goes out in pieces. Not thread-safe.
 */
final class LineSplitter {
    private final int maxLength;
    private final StringBuilder line = new StringBuilder();
    private String timestamp = "";
    private boolean inPieces;

    /** @param maxLength of a piece, in characters; longer than a timestamp and a level */
    LineSplitter(int maxLength) {
        this.maxLength = maxLength;
    }

    /** The lines that are complete with this text. */
    List<LogLine> accept(char[] text, int offset, int length) {
        List<LogLine> lines = new ArrayList<>();
        for (int i = offset; i < offset + length; i++) {
            line.append(text[i]);
            if (text[i] == '\n') {
                lines.add(cut());
                inPieces = false;
            } else if (line.length() >= maxLength && !Character.isHighSurrogate(text[i])) {
                lines.add(cut());
                inPieces = true;
            }
        }
        return lines;
    }

    /** The last line if it had no end; it gets one, so that it does not run into another server's. */
    List<LogLine> finish() {
        List<LogLine> lines = new ArrayList<>();
        if (line.length() > 0 || inPieces) {
            line.append('\n');
            lines.add(cut());
            inPieces = false;
        }
        return lines;
    }

    private LogLine cut() {
        String text = line.toString();
        line.setLength(0);
        String begins = inPieces ? null : LogTimestamp.of(text);
        if (begins == null) {
            return LogLine.further(timestamp, text);
        }
        timestamp = begins;
        return LogLine.first(timestamp, text);
    }
}
