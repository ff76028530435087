package org.oozieha.id;

import java.util.OptionalLong;

/**
 * The newest job ids that were recorded for good, wherever jobs are recorded. Asked only where the coordination service has
 * nothing to say: on the first start of a cluster and after a wipe.
 */
@FunctionalInterface
public interface HighWaterMark {
    /**
     * Reads the mark. May take as long as the store behind it: never called on a thread that waits for an id.
     *
     * @throws UnknownException if the store cannot be read now
     */
    Mark read() throws UnknownException;

    /** The store of the jobs did not answer, or is not up yet. */
    final class UnknownException extends Exception {
        private static final long serialVersionUID = 1L;

        public UnknownException(String message) {
            super(message);
        }

        public UnknownException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The highest number and the newest start time among some recorded ids. Immutable. */
    final class Mark {
        private static final int NUMBER_DIGITS = 7;

        private final long number;
        private final long startMillis;

        private Mark(long number, long startMillis) {
            this.number = number;
            this.startMillis = startMillis;
        }

        /** @param jobIds whole job ids; those of another form, e.g. of the random generator, are passed over */
        public static Mark of(Iterable<String> jobIds) {
            long number = -1;
            long startMillis = -1;
            for (String id : jobIds) {
                String[] parts = id.split("-", 3);
                OptionalLong start = parts.length < 3 ? OptionalLong.empty() : StartTime.parse(parts[1]);
                if (start.isPresent() && isNumber(parts[0])) {
                    number = Math.max(number, Long.parseLong(parts[0]));
                    startMillis = Math.max(startMillis, start.getAsLong());
                }
            }
            return new Mark(number, startMillis);
        }

        private static boolean isNumber(String text) {
            return text.length() == NUMBER_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        /** True if there were ids at all. */
        public boolean exists() {
            return number >= 0;
        }

        /** -1 if there were no ids. */
        public long number() {
            return number;
        }

        /** Milliseconds since the epoch; -1 if there were no ids. */
        public long startMillis() {
            return startMillis;
        }
    }
}
