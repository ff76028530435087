package org.oozieha.log;

/** One server's part of a log, line by line, in that server's order; HTML-escaped once. Used by one thread. */
interface LogSource {
    /** Id of the server. */
    String server();

    /** True if {@link #next} would not wait. */
    boolean ready();

    /**
     * The next line, or null after the last one.
     *
     * @param deadlineNanos on the clock of {@link System#nanoTime}
     * @throws LogSourceException if the part is missing from here on, or nothing came until the deadline
     */
    LogLine next(long deadlineNanos) throws LogSourceException, InterruptedException;

    /** Lets go of everything behind it. Returns at once; idempotent. */
    void close();
}
