package org.oozieha.cli;

/** The command could not find out; the message says what was tried and what to give it. */
final class CannotTellException extends Exception {
    private static final long serialVersionUID = 1L;

    CannotTellException(String message, Throwable cause) {
        super(message, cause);
    }
}
