package org.oozieha.log;

import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This server's own part. As long as its files are being read it is waited for: a large file is not a failure. */
final class LocalLog implements LogSource, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.log");
    private static final int LONGEST_LINE = 1 << 16;

    private final String server;
    private final LocalPart part;
    private final long patienceMs;
    private final LineBuffer buffer;
    private volatile long progressAt = System.nanoTime();

    LocalLog(String server, LocalPart part, long patienceMs, LineBuffer buffer) {
        this.server = server;
        this.part = part;
        this.patienceMs = patienceMs;
        this.buffer = buffer;
    }

    @Override
    public String server() {
        return server;
    }

    @Override
    public boolean ready() {
        return !buffer.isEmpty();
    }

    @Override
    public LogLine next(long deadlineNanos) throws LogSourceException, InterruptedException {
        long deadline = deadlineNanos;
        while (!buffer.await(deadline)) {
            deadline = progressAt + TimeUnit.MILLISECONDS.toNanos(patienceMs);
            if (deadline - System.nanoTime() <= 0) {
                throw new LogSourceException("its log files could not be read for " + patienceMs + " ms");
            }
        }
        return buffer.poll();
    }

    @Override
    public void close() {
        buffer.close();
    }

    @Override
    public void run() {
        LineSplitter splitter = new LineSplitter(LONGEST_LINE);
        try {
            part.writeTo(new LineWriter(splitter), () -> progressAt = System.nanoTime());
            buffer.put(splitter.finish());
            buffer.end();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // the filter of a user is a regular expression: it can overflow the stack
            LOG.debug("Reading the own log ended: reason={}", e.toString());
            buffer.fail(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    private final class LineWriter extends Writer {
        private final LineSplitter splitter;

        LineWriter(LineSplitter splitter) {
            this.splitter = splitter;
        }

        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            buffer.put(splitter.accept(text, offset, length));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
