package org.oozieha.sharelib.version;

import java.io.IOException;
import java.util.Set;

/**
 * The sharelib's files.
 *
 * <p>On failure an IOException whose message says what was tried and what mends it. May block as long as the file system does; the
 * callers bound that.
 *
 * @param <C> what a load gives
 */
public interface ContentSource<C extends Content> {
    /**
     * Loads the newest version whose upload is complete.
     *
     * @param excluded directories that must not be taken
     * @param asked true if an operator says that the newest one is complete: then a sign that it is not is an exception, and no older one
     *     is taken
     */
    C newest(Set<String> excluded, boolean asked) throws IOException;

    /**
     * Loads what is at the published place now.
     *
     * @throws java.io.FileNotFoundException if there is nothing
     */
    C load(Listing published) throws IOException;

    /** As {@link #load}, but with an exception for an upload that is not complete as far as can be told. */
    C loadComplete(Listing published) throws IOException;

    /** True if all of these directories below the root exist. */
    boolean arePresent(Set<String> directories) throws IOException;
}
