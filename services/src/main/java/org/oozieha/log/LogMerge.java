package org.oozieha.log;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Merges the parts of several servers by (timestamp, server, order).
 *
 * <p>Guarantee: every line of every part is written once; lines of one message stay together; of equal times the server that
 * comes first in the list goes first. A part that breaks off is named at that point. Holds one line per server. Waits for no
 * server longer than the given patience. Used by one thread.
 */
final class LogMerge {
    private final PriorityQueue<Head> heads = new PriorityQueue<>();
    private final long patienceNanos;
    private final int limit;
    private final int flushLength;
    private final Consumer<MissingPart> brokenOff;
    private int unflushed;

    /**
     * @param limit messages in all, or -1
     * @param flushLength characters after which the writer is flushed
     * @param brokenOff told when a part breaks off
     */
    LogMerge(long patienceMs, int limit, int flushLength, Consumer<MissingPart> brokenOff) {
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMs);
        this.limit = limit;
        this.flushLength = flushLength;
        this.brokenOff = brokenOff;
    }

    /** Waits for the first line of each, all together no longer than the patience; names those that have none to give. */
    List<MissingPart> open(List<? extends LogSource> sources) throws InterruptedException {
        List<MissingPart> missing = new ArrayList<>();
        long deadline = System.nanoTime() + patienceNanos;
        int order = 0;
        for (LogSource source : sources) {
            try {
                LogLine first = source.next(deadline);
                if (first != null) {
                    heads.add(new Head(source, order, first));
                }
            } catch (LogSourceException e) {
                source.close();
                missing.add(new MissingPart(source.server(), e.getMessage()));
            }
            order++;
        }
        return missing;
    }

    /** Writes everything, to the end or the limit. */
    void writeTo(Writer out) throws IOException, InterruptedException {
        int messages = 0;
        while (!heads.isEmpty()) {
            Head head = heads.poll();
            if (head.line.isFirst() && limit >= 0 && messages++ >= limit) {
                break;
            }
            write(out, head.line.text());
            if (!head.source.ready()) {
                flush(out);
            }
            advance(head, out);
        }
        flush(out);
    }

    private void advance(Head head, Writer out) throws IOException, InterruptedException {
        try {
            LogLine next = head.source.next(System.nanoTime() + patienceNanos);
            if (next != null) {
                heads.add(new Head(head.source, head.order, next));
            }
        } catch (LogSourceException e) {
            head.source.close();
            MissingPart part = new MissingPart(head.source.server(), e.getMessage());
            brokenOff.accept(part);
            write(out, Notice.brokenOff(part));
        }
    }

    private void write(Writer out, String text) throws IOException {
        out.write(text);
        unflushed += text.length();
        if (unflushed > flushLength) {
            flush(out);
        }
    }

    private void flush(Writer out) throws IOException {
        if (unflushed > 0) {
            unflushed = 0;
            out.flush();
            // a servlet's writer swallows the loss of the client
            if (out instanceof PrintWriter && ((PrintWriter) out).checkError()) {
                throw new IOException("the client has gone");
            }
        }
    }

    private static final class Head implements Comparable<Head> {
        private final LogSource source;
        private final int order;
        private final LogLine line;

        Head(LogSource source, int order, LogLine line) {
            this.source = source;
            this.order = order;
            this.line = line;
        }

        @Override
        public int compareTo(Head other) {
            int byTime = line.timestamp().compareTo(other.line.timestamp());
            return byTime != 0 ? byTime : Integer.compare(order, other.order);
        }
    }
}
