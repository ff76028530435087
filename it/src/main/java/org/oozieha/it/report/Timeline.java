package org.oozieha.it.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A picture of servers over time as inline SVG: a lane per server, a bar per step it ran, grey where the server was down,
 * vertical marks for what happened, and a line from each cut-off job to the server that went on with it. Not thread-safe.
 */
public final class Timeline {
    private static final int LEFT = 90;
    private static final int RIGHT = 20;
    private static final int WIDTH = 1140;
    private static final int ROW = 9;
    private static final int TOP = 88;
    private static final int GAP = 26;
    private static final String[][] COLOURS = {
        {"prepare", "#3f7fbf"}, {"left", "#4fa66a"}, {"right", "#9ac25a"}, {"child", "#8a6fc0"}, {"step", "#8a6fc0"}
    };

    private final long from;
    private final long to;
    private final List<String> servers;
    private final List<StepRun> runs;
    private final StringBuilder background = new StringBuilder();
    private final StringBuilder foreground = new StringBuilder();
    private final int[] laneTop;
    private final int[] laneRows;
    private int labels;

    public Timeline(List<String> servers, List<StepRun> runs, long from, long to) {
        this.servers = servers;
        this.runs = runs;
        this.from = from;
        this.to = to;
        this.laneTop = new int[servers.size()];
        this.laneRows = new int[servers.size()];
        layOut();
    }

    private void layOut() {
        StringBuilder bars = new StringBuilder();
        int y = TOP;
        for (int lane = 0; lane < servers.size(); lane++) {
            laneTop[lane] = y;
            List<Long> rowsEnd = new ArrayList<>();
            for (StepRun run : runs) {
                if (run.server().equals(servers.get(lane))) {
                    int row = freeRow(rowsEnd, run);
                    bars.append(bar(run, y + row * ROW));
                }
            }
            laneRows[lane] = Math.max(6, rowsEnd.size());
            y += laneRows[lane] * ROW + GAP;
        }
        foreground.append(bars);
    }

    private static int freeRow(List<Long> rowsEnd, StepRun run) {
        for (int row = 0; row < rowsEnd.size(); row++) {
            if (rowsEnd.get(row) <= run.fromMillis()) {
                rowsEnd.set(row, run.toMillis());
                return row;
            }
        }
        rowsEnd.add(run.toMillis());
        return rowsEnd.size() - 1;
    }

    private String bar(StepRun run, int y) {
        double width = Math.max(2.5, x(run.toMillis()) - x(run.fromMillis()));
        String title =
                run.job() + " " + run.step() + " on " + run.server() + (run.finished() ? "" : " (cut off by the kill)");
        return String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"1.5\" fill=\"%s\"><title>%s</title></rect>%n",
                x(run.fromMillis()),
                y,
                width,
                ROW - 2,
                run.finished() ? colour(run.step()) : "#d1352b",
                Html.text(title));
    }

    private static String colour(String step) {
        for (String[] entry : COLOURS) {
            if (entry[0].equals(step)) {
                return entry[1];
            }
        }
        return "#7b8794";
    }

    private double x(long millis) {
        long inside = Math.max(from, Math.min(to, millis));
        return LEFT + (double) (inside - from) / (to - from) * (WIDTH - LEFT - RIGHT);
    }

    /** The server was not there. */
    public Timeline down(String server, long downFrom, long downTo) {
        int lane = servers.indexOf(server);
        background.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#e4e7ea\"><title>%s is down</title></rect>%n",
                x(downFrom),
                laneTop[lane] - 4,
                x(downTo) - x(downFrom),
                laneRows[lane] * ROW + 8,
                Html.text(server)));
        return this;
    }

    /** Something happened. */
    public Timeline mark(long at, String label, String colour) {
        int y = 16 + labels++ % 5 * 14;
        boolean right = x(at) > WIDTH * 0.7;
        foreground.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"1.5\"/>"
                        + "<text x=\"%.1f\" y=\"%d\" font-size=\"12\" fill=\"%s\" text-anchor=\"%s\">%s</text>%n",
                x(at),
                y - 10,
                x(at),
                height() - 26,
                colour,
                x(at) + (right ? -5 : 5),
                y,
                colour,
                right ? "end" : "start",
                Html.text(label)));
        return this;
    }

    /** A job moved from one server to another. */
    public Timeline moved(String fromServer, long fromAt, String toServer, long toAt) {
        int a = servers.indexOf(fromServer);
        int b = servers.indexOf(toServer);
        int y1 = laneTop[a] + laneRows[a] * ROW / 2;
        int y2 = laneTop[b] + laneRows[b] * ROW / 2;
        foreground.append(String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %d C%.1f %d %.1f %d %.1f %d\" fill=\"none\" stroke=\"#d1352b\" stroke-opacity=\".45\"/>%n",
                x(fromAt),
                y1,
                (x(fromAt) + x(toAt)) / 2,
                y1,
                (x(fromAt) + x(toAt)) / 2,
                y2,
                x(toAt),
                y2));
        return this;
    }

    private int height() {
        int last = servers.size() - 1;
        return laneTop[last] + laneRows[last] * ROW + 40;
    }

    public String svg() {
        StringBuilder lanes = new StringBuilder();
        for (int lane = 0; lane < servers.size(); lane++) {
            lanes.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#f6f8fa\"/>"
                            + "<text x=\"6\" y=\"%d\" font-size=\"14\" font-weight=\"600\">%s</text>%n",
                    LEFT,
                    laneTop[lane] - 4,
                    WIDTH - LEFT - RIGHT,
                    laneRows[lane] * ROW + 8,
                    laneTop[lane] + laneRows[lane] * ROW / 2 + 5,
                    Html.text(servers.get(lane))));
        }
        return "<svg viewBox=\"0 0 " + WIDTH + " " + height() + "\" font-family=\"system-ui,sans-serif\">\n" + lanes
                + background + axis() + foreground + "</svg>\n";
    }

    private String axis() {
        StringBuilder axis = new StringBuilder();
        long span = to - from;
        long step = span > 90_000 ? 20_000 : span > 40_000 ? 10_000 : span > 15_000 ? 5_000 : 1_000;
        for (long at = 0; at <= span; at += step) {
            axis.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#dde3e8\"/>"
                            + "<text x=\"%.1f\" y=\"%d\" font-size=\"12\" fill=\"#5b6875\" text-anchor=\"middle\">%d s</text>%n",
                    x(from + at),
                    TOP - 8,
                    x(from + at),
                    height() - 26,
                    x(from + at),
                    height() - 8,
                    at / 1000));
        }
        return axis.toString();
    }

    /** What the colours mean. */
    public static String legend() {
        return "<p class=\"small\">Bars: a step of a job while a server works on it - "
                + swatch("#3f7fbf", "prepare")
                + swatch("#4fa66a", "left")
                + swatch("#9ac25a", "right")
                + swatch("#8a6fc0", "sub-workflow and coordinator steps")
                + swatch("#d1352b", "cut off by the kill")
                + swatch("#e4e7ea", "server down")
                + "Red lines: a job the killed server had locked, to the server that went on with it.</p>\n";
    }

    private static String swatch(String colour, String meaning) {
        return "<span style=\"display:inline-block;width:.9em;height:.9em;vertical-align:-1px;background:" + colour
                + "\"></span>&nbsp;" + Html.text(meaning) + " &nbsp; ";
    }
}
