package org.oozieha.sharelib.version;

import java.util.Optional;

/** The actions Oozie has not ended yet. */
@FunctionalInterface
public interface UnfinishedActions {
    /**
     * The id of one that was created at or before that time; empty if all of those have ended.
     *
     * @param atMs milliseconds since the epoch
     * @throws RuntimeException if they cannot be read now
     */
    Optional<String> createdUntil(long atMs);
}
