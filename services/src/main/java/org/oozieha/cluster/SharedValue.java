package org.oozieha.cluster;

/**
 * A few bytes that all servers share, changed and removed by compare-and-set only.
 *
 * <p>Guarantee: {@link #compareAndSet} changes and {@link #remove} removes the value if and only if they return true. On failure: when the answer does not come
 * in time, {@link ClusterUnavailableException}; the change may or may not have happened, and the caller reads again before it relies
 * on either. Thread-safe; waits at most the given time, and must not be called on the cluster's event thread.
 */
public interface SharedValue {
    /** Reads the newest value. */
    Version read(long timeoutMs) throws ClusterUnavailableException;

    /**
     * Sets the value if it is still the one that was read; creates it, with its parents, if {@code expected} did not exist.
     *
     * @return false if somebody else was first
     */
    boolean compareAndSet(Version expected, byte[] next, long timeoutMs) throws ClusterUnavailableException;

    /**
     * Removes the value if it is still the one that was read.
     *
     * @return false if somebody else was first
     */
    boolean remove(Version expected, long timeoutMs) throws ClusterUnavailableException;

    /** A value as it was read. Immutable. */
    final class Version {
        private static final Version ABSENT = new Version(new byte[0], -1);

        private final byte[] data;
        private final int number;

        private Version(byte[] data, int number) {
            this.data = data;
            this.number = number;
        }

        public static Version of(byte[] data, int number) {
            return new Version(data.clone(), number);
        }

        public static Version absent() {
            return ABSENT;
        }

        public boolean exists() {
            return number >= 0;
        }

        /** A copy; empty if the value does not exist. */
        public byte[] data() {
            return data.clone();
        }

        /** The store's version number; -1 if the value does not exist. */
        public int number() {
            return number;
        }
    }
}
