package org.oozieha.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@link ClusterReport} saw: lines for people, the same for programs, and what an operator should look at. Not thread-safe. */
public final class ReportAnswer {
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Object> json = new LinkedHashMap<>();
    private final List<String> findings = new ArrayList<>();
    private TextTable table;

    /** Adds a line above the table. */
    public ReportAnswer line(String line) {
        lines.add(line);
        return this;
    }

    /** Adds a row to the table; the first one is its head, and all have as many cells. */
    public ReportAnswer row(String... cells) {
        table = table == null ? new TextTable() : table;
        table.row(cells);
        return this;
    }

    /** @param value a map, list, text, number, boolean or null */
    public ReportAnswer json(String key, Object value) {
        json.put(key, value);
        return this;
    }

    public ReportAnswer finding(String sentence) {
        findings.add(sentence);
        return this;
    }

    public List<String> findings() {
        return Collections.unmodifiableList(findings);
    }

    /** What is printed without {@code --json}. */
    public List<String> lines() {
        List<String> all = new ArrayList<>(lines);
        if (table != null) {
            all.addAll(table.lines());
        }
        return all;
    }

    /** What is printed with {@code --json}. */
    public Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>(json);
        all.put("findings", findings);
        return all;
    }
}
