package org.oozieha.sla;

/** JSON for a column of any character set: MySQL's utf8 refuses what is beyond the basic plane, others replace what they lack. */
final class AsciiJson {
    private static final char LAST = 0x7e;

    private AsciiJson() {}

    /** The same JSON, of printable ASCII alone. */
    static String of(String json) {
        StringBuilder ascii = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c <= LAST) {
                ascii.append(c);
            } else {
                ascii.append(String.format("\\u%04x", (int) c));
            }
        }
        return ascii.toString();
    }
}
