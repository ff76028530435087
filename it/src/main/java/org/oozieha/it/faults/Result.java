package org.oozieha.it.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.oozieha.it.harness.HaServices;

/** All runs of one scenario, and what they say about its measures. Not thread-safe. */
final class Result {
    private final Scenario scenario;
    private final List<Map<String, Number>> pack;
    private final List<Map<String, Number>> stock;
    private final List<String> failures;

    /** @param failures runs that came to no figures, a line each */
    Result(Scenario scenario, List<Map<String, Number>> pack, List<Map<String, Number>> stock, List<String> failures) {
        this.scenario = scenario;
        this.pack = pack;
        this.stock = stock;
        this.failures = failures;
    }

    Scenario scenario() {
        return scenario;
    }

    List<String> failures() {
        return failures;
    }

    int runs(HaServices side) {
        return of(side).size();
    }

    private List<Map<String, Number>> of(HaServices side) {
        return side == HaServices.PACK ? pack : stock;
    }

    /** Its value in each run, sorted; empty where it was not measured. */
    List<Double> values(HaServices side, Measure measure) {
        List<Double> values = of(side).stream()
                .filter(run -> run.containsKey(measure.name()))
                .map(run -> run.get(measure.name()).doubleValue())
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.sort(values);
        return values;
    }

    /** NaN where it was not measured. */
    double median(HaServices side, Measure measure) {
        List<Double> values = values(side, measure);
        return values.isEmpty() ? Double.NaN : values.get(values.size() / 2);
    }

    /** Median, and in brackets the extremes where they differ. */
    String text(HaServices side, Measure measure) {
        List<Double> values = values(side, measure);
        if (values.isEmpty()) {
            return "";
        }
        double least = values.get(0);
        double most = values.get(values.size() - 1);
        String median = number(median(side, measure));
        return least == most ? median : median + " (" + number(least) + " to " + number(most) + ")";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,d", (long) value) : Double.toString(value);
    }

    /** What is wrong with this measure, in any run; empty if nothing is. */
    String verdict(Measure measure) {
        List<Double> values = values(HaServices.PACK, measure);
        if (values.isEmpty()) {
            return "not measured";
        }
        String missed = missed(measure);
        if (!missed.isEmpty()) {
            return missed;
        }
        if (measure.mustFailOnStock() && scenario.withStock()) {
            List<Double> ofStock = values(HaServices.STOCK, measure);
            if (ofStock.isEmpty() || ofStock.get(ofStock.size() - 1) <= 0) {
                return "INVALID: stock did not fail";
            }
        }
        return "";
    }

    private String missed(Measure measure) {
        List<Double> values = values(HaServices.PACK, measure);
        double most = values.get(values.size() - 1);
        if (measure.limit() != null && most > measure.limit()) {
            return "MISSED: " + number(most);
        }
        return measure.least() != null && values.get(0) < measure.least()
                ? "INVALID: only " + number(values.get(0))
                : "";
    }

    /** What the pack did not keep, a line each, whatever stock does. */
    List<String> missed() {
        List<String> lines = new ArrayList<>();
        for (Measure measure : scenario.measures()) {
            String missed = values(HaServices.PACK, measure).isEmpty() ? "not measured" : missed(measure);
            if (!missed.isEmpty()) {
                lines.add(measure.name() + ", " + measure.meaning() + ": " + missed);
            }
        }
        return lines;
    }

    /** Everything that keeps this scenario from being shown, a line each. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>(failures);
        for (Measure measure : scenario.measures()) {
            String verdict = verdict(measure);
            if (!verdict.isEmpty()) {
                complaints.add(scenario.name() + "." + measure.name() + ": " + verdict);
            }
        }
        return complaints;
    }
}
