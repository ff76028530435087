package org.oozieha.hcat;

import java.io.IOException;
import java.util.Locale;

/** Tells a call that did not reach a metastore, or whose answer did not come, from what a metastore answered. */
final class NotReached {
    private static final int DEEPEST = 20;

    private NotReached() {}

    /**
     * By the kinds of failure in the chain of causes: Hive's client wraps them in its own exceptions, in checked and unchecked ones of its
     * cache, and in texts; Oozie keeps of a client that was to act for a user nothing but the text.
     */
    static boolean is(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            String name = cause.getClass().getSimpleName();
            if (name.equals("TTransportException")
                    || name.equals("ConnectionFailureException")
                    || cause instanceof IOException && isNetwork((IOException) cause)
                    || isNotConnected(text(cause))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isNotConnected(String text) {
        return text.contains("could not connect to meta store")
                || text.contains("unable to instantiate") && text.contains("metastoreclient");
    }

    private static boolean isNetwork(IOException failure) {
        return failure.getClass().getName().startsWith("java.net.");
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    }
}
