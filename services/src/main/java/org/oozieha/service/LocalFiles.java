package org.oozieha.service;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Date;
import org.apache.oozie.util.TimestampedMessageParser;
import org.apache.oozie.util.XLogStreamer;
import org.oozieha.log.LocalPart;

/** This server's log files, as stock finds, filters and escapes them. For one request. */
final class LocalFiles implements LocalPart, Closeable {
    private final XLogStreamer streamer;
    private final BufferedReader reader;
    private final IOException failure;

    private LocalFiles(XLogStreamer streamer, BufferedReader reader, IOException failure) {
        this.streamer = streamer;
        this.reader = reader;
        this.failure = failure;
    }

    /**
     * Finds the files. Afterwards the streamer's filter knows the dates and whether the log is truncated.
     *
     * @throws IOException if the user asks for impossible dates; files that cannot be opened are a missing part instead
     */
    static LocalFiles open(XLogStreamer streamer, Date startTime, Date endTime) throws IOException {
        streamer.getXLogFilter().calculateAndCheckDates(startTime, endTime);
        try {
            return new LocalFiles(streamer, streamer.makeReader(startTime, endTime), null);
        } catch (IOException e) {
            return new LocalFiles(streamer, null, e);
        }
    }

    @Override
    public void writeTo(Writer out, Runnable progress) throws IOException {
        if (failure != null) {
            throw failure;
        }
        BufferedReader watched = new BufferedReader(new WatchedReader(reader, progress));
        new TimestampedMessageParser(watched, streamer.getXLogFilter()).processRemaining(out, streamer);
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }

    private static final class WatchedReader extends FilterReader {
        private final Runnable progress;

        WatchedReader(Reader in, Runnable progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read(char[] into, int offset, int length) throws IOException {
            progress.run();
            return in.read(into, offset, length);
        }
    }
}
