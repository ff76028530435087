package org.oozieha.sharelib;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.oozieha.sharelib.version.Content;
import org.oozieha.sharelib.version.Listing;

/** The files of one version, by key. Immutable, but for Hadoop's configurations, which Oozie only reads. */
final class ShareLibContent implements Content {
    private final Listing listing;
    private final Map<String, List<Path>> files;
    private final Map<String, Map<Path, Configuration>> configurations;
    private final Map<String, Map<Path, Path>> links;

    /**
     * @param configurations key to file to what is in it, of the files that configure actions
     * @param links key to symbolic link to its target, of the links that the mapping file names
     */
    ShareLibContent(
            Listing listing,
            Map<String, List<Path>> files,
            Map<String, Map<Path, Configuration>> configurations,
            Map<String, Map<Path, Path>> links) {
        this.listing = listing;
        this.files = Collections.unmodifiableMap(new TreeMap<>(files));
        this.configurations = Collections.unmodifiableMap(new TreeMap<>(configurations));
        this.links = Collections.unmodifiableMap(new TreeMap<>(links));
    }

    @Override
    public Listing listing() {
        return listing;
    }

    Map<String, List<Path>> files() {
        return files;
    }

    Map<String, Map<Path, Configuration>> configurations() {
        return configurations;
    }

    Map<String, Map<Path, Path>> links() {
        return links;
    }
}
