package org.oozieha.log;

import java.util.Collection;

/** What a log says about what is not in it. HTML-escaped once. */
final class Notice {
    private static final String INDENT = "     ";

    private Notice() {}

    static String unreachable(Collection<MissingPart> parts) {
        return list(
                "Unable to contact the following Oozie Servers for logs (log information may be incomplete):", parts);
    }

    static String departed(Collection<MissingPart> parts) {
        return list(
                "The following Oozie Servers have left and may have lines of this job, which are gone with them"
                        + " (log information may be incomplete):",
                parts);
    }

    static String departedUnknown() {
        return "It is not known yet which Oozie Servers left before this one started"
                + " (log information may be incomplete).\n\n";
    }

    static String brokenOff(MissingPart part) {
        return "The log of Oozie Server " + escape(part.server())
                + " breaks off here (log information may be incomplete): " + escape(part.reason()) + "\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String list(String title, Collection<MissingPart> parts) {
        if (parts.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(title).append('\n');
        for (MissingPart part : parts) {
            text.append(INDENT).append(escape(part.server())).append(": ");
            text.append(escape(part.reason())).append('\n');
        }
        return text.append('\n').toString();
    }
}
