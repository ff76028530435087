package org.oozieha.it.report;

/** The frame of a report page: one file, no script, nothing loaded from elsewhere. */
public final class Html {
    private static final String STYLE =
            "body{font:15px/1.5 system-ui,sans-serif;color:#1c2733;max-width:1180px;margin:2em auto;"
                    + "padding:0 1em}h1{margin-bottom:.2em}h2{margin-top:1.6em}table{border-collapse:collapse;margin:.6em 0}"
                    + "th,td{border:1px solid #d5dbe1;padding:.25em .6em;text-align:left;vertical-align:top}"
                    + "th{background:#f1f4f7}td.number{text-align:right;font-variant-numeric:tabular-nums}"
                    + ".tiles{display:flex;flex-wrap:wrap;gap:12px;margin:1em 0}.tile{border:1px solid #d5dbe1;border-radius:8px;"
                    + "padding:.6em 1em;min-width:130px}.tile b{display:block;font-size:1.7em;line-height:1.2}"
                    + ".lead{font-size:1.1em}.dead{color:#b3261e}.small{color:#5b6875;font-size:.9em}svg{width:100%;height:auto}";

    private Html() {}

    public static String page(String title, String body) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + text(title)
                + "</title><style>" + STYLE + "</style></head><body>\n<h1>" + text(title) + "</h1>\n" + body
                + "</body></html>\n";
    }

    /** A number a reader should see first. */
    public static String tile(String value, String meaning) {
        return "<div class=\"tile\"><b>" + text(value) + "</b>" + text(meaning) + "</div>\n";
    }

    public static String text(String plain) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
