package org.oozieha.sharelib.version;

import java.io.IOException;
import java.util.Map;

/**
 * The directories a purge is about.
 *
 * <p>On failure an IOException with the reason. Deleting what is not there is no failure.
 */
public interface PurgeTarget {
    /** The directories that carry the time of their upload in their name; name to that time, milliseconds since the epoch. */
    Map<String, Long> directories() throws IOException;

    /** True for a directory that holds jars a server uploaded for itself at its start. */
    boolean isLauncher(String directory);

    void delete(String directory) throws IOException;
}
