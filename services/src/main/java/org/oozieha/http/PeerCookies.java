package org.oozieha.http;

import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The peers' cookies, each until it was refused or nine tenths of its life are over. Thread-safe. */
final class PeerCookies {
    private static final String NAME = "hadoop.auth=";
    private static final Pattern END = Pattern.compile("(?:^|[\"&])e=(\\d{1,18})(?:[\"&]|$)");

    private final Map<String, Cookie> cookies = new ConcurrentHashMap<>();
    private final LongSupplier clock;

    /** @param clock milliseconds since the epoch */
    PeerCookies(LongSupplier clock) {
        this.clock = clock;
    }

    /** Null if there is none, or none that is good for long enough. */
    String get(String peer) {
        Cookie cookie = cookies.get(peer);
        if (cookie == null || clock.getAsLong() >= cookie.goodUntilMs) {
            return null;
        }
        return cookie.text;
    }

    void put(String peer, String text) {
        cookies.put(peer, new Cookie(text, goodUntil(text)));
    }

    /** Drops the peer's cookie if it is still that one. */
    void refused(String peer, String text) {
        cookies.computeIfPresent(peer, (name, cookie) -> cookie.text.equals(text) ? null : cookie);
    }

    /** Keeps the cookie that came with an answer: Java may have shaken hands by itself. */
    void keep(String peer, HttpURLConnection answered) {
        for (Map.Entry<String, List<String>> header : answered.getHeaderFields().entrySet()) {
            if ("Set-Cookie".equalsIgnoreCase(header.getKey())) {
                for (String value : header.getValue()) {
                    String text = value.startsWith(NAME)
                            ? value.substring(NAME.length()).split(";", 2)[0]
                            : "";
                    if (!text.replace("\"", "").isEmpty()) {
                        put(peer, text);
                    }
                }
            }
        }
    }

    private long goodUntil(String text) {
        long now = clock.getAsLong();
        Matcher end = END.matcher(text);
        return end.find() ? now + (Long.parseLong(end.group(1)) - now) / 10 * 9 : Long.MAX_VALUE;
    }

    private static final class Cookie {
        private final String text;
        private final long goodUntilMs;

        Cookie(String text, long goodUntilMs) {
            this.text = text;
            this.goodUntilMs = goodUntilMs;
        }
    }
}
