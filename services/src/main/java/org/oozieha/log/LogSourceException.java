package org.oozieha.log;

/** A server's part of a log is missing, wholly or from here on. The message is the reason in words a user can read. */
final class LogSourceException extends Exception {
    private static final long serialVersionUID = 1L;

    LogSourceException(String reason) {
        super(reason);
    }
}
