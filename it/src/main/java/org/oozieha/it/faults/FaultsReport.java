package org.oozieha.it.faults;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.report.Figures;
import org.oozieha.it.report.Html;
import org.oozieha.it.report.ReportFiles;

/** The table of what was seen: a part for each scenario, the pack beside stock. */
final class FaultsReport {
    private static final String TITLE = "Faults: the pack and stock Oozie";
    private static final String HOW =
            "Three real servers, PostgreSQL and ZooKeeper for each run; sessions of 10 s, ticks of 2 s; all"
                    + " of Oozie's own intervals at their defaults unless said otherwise. Stock: Oozie 5.2.1 with its own four ZooKeeper"
                    + " services. Several runs go on at the same time on one machine. Medians, in brackets the extremes; a limit holds for"
                    + " each single run of the pack.";

    private final List<Result> results;

    FaultsReport(List<Result> results) {
        this.results = results;
    }

    ReportFiles write(Path dir) {
        ReportFiles files = new ReportFiles(dir);
        files.write(markdown(), html(), figures());
        return files;
    }

    List<String> complaints() {
        return results.stream().flatMap(result -> result.complaints().stream()).collect(Collectors.toList());
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# " + TITLE + "\n\n" + HOW + "\n");
        for (Result result : results) {
            Scenario scenario = result.scenario();
            text.append("\n## ")
                    .append(scenario.name())
                    .append("\n\n")
                    .append(scenario.title())
                    .append(".\n\n");
            text.append("| measure | pack, ")
                    .append(result.runs(HaServices.PACK))
                    .append(" runs | limit | stock, ");
            text.append(result.runs(HaServices.STOCK)).append(" runs | |\n|---|---:|---:|---:|---|\n");
            for (Measure measure : scenario.measures()) {
                text.append("| ")
                        .append(String.join(" | ", row(result, measure)))
                        .append(" |\n");
            }
            result.failures().forEach(line -> text.append("\n").append(line).append("\n"));
        }
        return text.toString();
    }

    private static String[] row(Result result, Measure measure) {
        String unit = measure.name().endsWith("_ms") ? ", ms" : "";
        return new String[] {
            measure.meaning() + unit,
            result.text(HaServices.PACK, measure),
            measure.limit() == null ? "" : Long.toString(measure.limit().longValue()),
            result.text(HaServices.STOCK, measure),
            result.verdict(measure)
        };
    }

    private String html() {
        StringBuilder body = new StringBuilder("<p class=\"lead\">" + Html.text(HOW) + "</p>");
        for (Result result : results) {
            Scenario scenario = result.scenario();
            body.append("<h2>").append(Html.text(scenario.name())).append("</h2><p>");
            body.append(Html.text(scenario.title())).append(".</p><table><tr><th>measure</th><th>pack, ");
            body.append(result.runs(HaServices.PACK)).append(" runs</th><th>limit</th><th>stock, ");
            body.append(result.runs(HaServices.STOCK)).append(" runs</th><th></th></tr>\n");
            for (Measure measure : scenario.measures()) {
                String[] row = row(result, measure);
                body.append("<tr><td>").append(Html.text(row[0])).append("</td>");
                for (int i = 1; i < 4; i++) {
                    body.append("<td class=\"number\">")
                            .append(Html.text(row[i]))
                            .append("</td>");
                }
                body.append("<td class=\"dead\">").append(Html.text(row[4])).append("</td></tr>\n");
            }
            body.append("</table>\n");
            result.failures().forEach(line -> body.append("<p class=\"dead\">")
                    .append(Html.text(line))
                    .append("</p>"));
        }
        return Html.page(TITLE, body.toString());
    }

    private Figures figures() {
        Figures figures = new Figures();
        for (Result result : results) {
            String prefix = "faults." + result.scenario().name() + ".";
            for (Measure measure : result.scenario().measures()) {
                for (HaServices side : new HaServices[] {HaServices.PACK, HaServices.STOCK}) {
                    List<Double> values = result.values(side, measure);
                    if (!values.isEmpty()) {
                        String key = prefix + side.name().toLowerCase(java.util.Locale.ROOT) + ".";
                        figures.put(key + measure.name(), result.median(side, measure), measure.meaning());
                        figures.put(key + "max_" + measure.name(), values.get(values.size() - 1), measure.meaning());
                    }
                }
                if (measure.limit() != null) {
                    figures.put(prefix + "limit." + measure.name(), measure.limit(), measure.meaning());
                }
            }
        }
        return figures;
    }
}
