package org.oozieha.it.demo;

import java.io.PrintStream;
import org.oozieha.it.harness.Narrator;

/** Tells people at a terminal what happens: lines with the time since the start, and one progress line. */
final class Console implements Narrator {
    private static final int BAR = 30;
    private static final int WIDTH = 110;

    private final PrintStream out;
    private final long start = System.nanoTime();
    private boolean progressShown;

    Console(PrintStream out) {
        this.out = out;
    }

    @Override
    public void says(String line) {
        endProgress();
        out.printf("[%6.1f s] %s%n", (System.nanoTime() - start) / 1e9, line);
        out.flush();
    }

    /** Prints a line as it is, to be copied. */
    void prints(String line) {
        endProgress();
        out.println(line);
        out.flush();
    }

    /** Replaces the progress line. */
    void progress(long done, long all, String details) {
        int filled = (int) (BAR * done / Math.max(1, all));
        StringBuilder bar = new StringBuilder("  [");
        for (int i = 0; i < BAR; i++) {
            bar.append(i < filled ? '#' : '.');
        }
        bar.append("] ").append(done).append(" of ").append(all).append("  ").append(details);
        while (bar.length() < WIDTH) {
            bar.append(' ');
        }
        out.print("\r" + bar);
        out.flush();
        progressShown = true;
    }

    private void endProgress() {
        if (progressShown) {
            out.println();
            progressShown = false;
        }
    }
}
