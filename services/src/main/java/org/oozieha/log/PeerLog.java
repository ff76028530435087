package org.oozieha.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.oozieha.http.AnswerHandler;
import org.oozieha.http.PeerCall;
import org.oozieha.http.PeerClient;
import org.oozieha.http.PeerException;

/** Another server's part, fetched by HTTP as a stock server gives it out. */
final class PeerLog implements LogSource, AnswerHandler {
    private static final int LONGEST_LINE = 1 << 16;

    private final String server;
    private final long patienceMs;
    private final LineBuffer buffer;
    private final PeerCall call;

    PeerLog(String server, String url, String resource, PeerClient peers, LineBuffer buffer) {
        this.server = server;
        this.patienceMs = peers.timeouts().totalMs();
        this.buffer = buffer;
        this.call = peers.call(url, resource, this);
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
        if (!buffer.await(deadlineNanos)) {
            throw new LogSourceException("no line within " + patienceMs + " ms");
        }
        return buffer.poll();
    }

    @Override
    public void close() {
        buffer.close();
        call.cancel();
    }

    @Override
    public void answer(int status, String statusText, InputStream body) throws IOException {
        if (status != 200) {
            throw new PeerException(statusText);
        }
        LineSplitter splitter = new LineSplitter(LONGEST_LINE);
        try {
            Reader reader = new InputStreamReader(body, StandardCharsets.UTF_8);
            char[] chunk = new char[8192];
            for (int n = reader.read(chunk); n >= 0; n = reader.read(chunk)) {
                buffer.put(splitter.accept(chunk, 0, n));
            }
        } finally {
            buffer.put(splitter.finish());
        }
    }

    @Override
    public void completed() {
        buffer.end();
    }

    @Override
    public void failed(PeerException reason) {
        buffer.fail(reason.getMessage());
    }
}
