package org.oozieha.log;

import java.io.IOException;
import java.io.Writer;

/** Reads this server's own log files. */
public interface LocalPart {
    /**
     * Writes what belongs to the job, HTML-escaped once. Runs on a thread of its own.
     *
     * @param progress to be run now and then while the files are read, also when nothing is written
     */
    void writeTo(Writer out, Runnable progress) throws IOException;
}
