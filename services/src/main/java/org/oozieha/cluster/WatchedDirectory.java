package org.oozieha.cluster;

import java.util.Map;

/**
 * The children of one path with their data, kept up to date by notifications.
 *
 * <p>Guarantee: every change is followed by a newer listing; several changes may be seen as one. On failure: while the coordination
 * service is away the last listing stays. A path that does not exist is empty. A child that may
 * not be read is passed over, with a warning, where others write the directory, and found once it may be; in one of this cluster's own the
 * last listing stays. Thread-safe; never blocks.
 */
public interface WatchedDirectory {
    /** Child name to data, the last listing; unmodifiable, the arrays are not to be changed. Empty before the first listing. */
    Map<String, byte[]> entries();

    /** Runs {@code listener} on the cluster's event thread after each new listing that differs; it must not block. */
    void onChange(Runnable listener);
}
