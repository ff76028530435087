package org.oozieha.sharelib;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.oozie.service.ShareLibService;

/** Names of the form {@code lib_yyyyMMddHHmmss} and {@code launcher_yyyyMMddHHmmss}, with anything behind; the time is a local one. */
final class DirectoryName {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
    private static final Pattern NAME = Pattern.compile(
            "(" + ShareLibService.SHARE_LIB_PREFIX + "|" + ShareLibService.LAUNCHER_LIB_PREFIX + ")(\\d{14}).*");

    private DirectoryName() {}

    /** Milliseconds since the epoch; empty for any other name. */
    static Optional<Long> timeMs(String name) {
        Matcher found = NAME.matcher(name);
        if (!found.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.parse(found.group(2), TIME)
                    .atZone(ZoneId.systemDefault())
                    .toInstant()
                    .toEpochMilli());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** No two incarnations have the same one. */
    static String launcher(long nowMs, String server, long incarnation) {
        String time =
                TIME.format(LocalDateTime.ofInstant(java.time.Instant.ofEpochMilli(nowMs), ZoneId.systemDefault()));
        return ShareLibService.LAUNCHER_LIB_PREFIX
                + time
                + '_'
                + server.replaceAll("[^A-Za-z0-9.-]", "-")
                + '_'
                + incarnation;
    }
}
