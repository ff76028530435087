package org.oozieha.it.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named numbers in the order they were found, each with what it means. Not thread-safe. */
public final class Figures {
    private final Map<String, Number> values = new LinkedHashMap<>();
    private final Map<String, String> meanings = new LinkedHashMap<>();

    /** Keys are {@code suite.scenario.side.measure_unit}; a key put twice keeps the last value. */
    public Figures put(String key, Number value, String meaning) {
        values.put(key, value);
        meanings.put(key, meaning);
        return this;
    }

    public Number value(String key) {
        return values.get(key);
    }

    /** One flat object, one line per key. */
    public String json() {
        List<String> lines = new ArrayList<>();
        values.forEach((key, value) -> lines.add("  \"" + key + "\": " + value));
        return "{\n" + String.join(",\n", lines) + "\n}\n";
    }

    public String markdown() {
        StringBuilder table = new StringBuilder("| figure | value | key |\n|---|---:|---|\n");
        values.forEach((key, value) -> table.append("| ")
                .append(meanings.get(key))
                .append(" | ")
                .append(value)
                .append(" | `")
                .append(key)
                .append("` |\n"));
        return table.toString();
    }

    public String html() {
        StringBuilder table =
                new StringBuilder("<table><tr><th>figure</th><th>value</th><th>key in report.json</th></tr>");
        values.forEach((key, value) -> table.append("<tr><td>")
                .append(Html.text(meanings.get(key)))
                .append("</td><td class=\"number\">")
                .append(value)
                .append("</td><td><code>")
                .append(Html.text(key))
                .append("</code></td></tr>\n"));
        return table.append("</table>\n").toString();
    }
}
