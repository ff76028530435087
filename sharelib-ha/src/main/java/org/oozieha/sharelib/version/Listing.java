package org.oozieha.sharelib.version;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** What makes a version of the sharelib: where it is, when it was changed, and a digest of the files in it. Immutable. */
public final class Listing {
    /** What the path names. */
    public enum Kind {
        DIRECTORY,
        MAPPING_FILE
    }

    private final Kind kind;
    private final String path;
    private final long modifiedMs;
    private final String digest;
    private final int files;
    private final SortedSet<String> directories;

    /**
     * @param modifiedMs the path's time stamp, milliseconds since the epoch
     * @param digest equal if and only if the files are
     * @param directories names of the directories below the sharelib's root that it uses: these are never purged while it is
     */
    public Listing(Kind kind, String path, long modifiedMs, String digest, int files, Collection<String> directories) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.path = Objects.requireNonNull(path, "path");
        this.modifiedMs = modifiedMs;
        this.digest = Objects.requireNonNull(digest, "digest");
        this.files = files;
        this.directories = Collections.unmodifiableSortedSet(new TreeSet<>(directories));
    }

    static Listing fromJson(Map<String, Object> json) {
        return new Listing(
                Kind.valueOf(Fields.text(json, "kind")),
                Fields.text(json, "path"),
                Fields.number(json, "modified_ms"),
                Fields.text(json, "digest"),
                (int) Fields.number(json, "files"),
                Fields.texts(json, "directories"));
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind.name());
        json.put("path", path);
        json.put("modified_ms", modifiedMs);
        json.put("digest", digest);
        json.put("files", files);
        json.put("directories", new ArrayList<>(directories));
        return json;
    }

    public Kind kind() {
        return kind;
    }

    public String path() {
        return path;
    }

    public long modifiedMs() {
        return modifiedMs;
    }

    public String digest() {
        return digest;
    }

    public int files() {
        return files;
    }

    public SortedSet<String> directories() {
        return directories;
    }

    @Override
    public String toString() {
        return path + " (" + files + " files, digest " + digest.substring(0, Math.min(8, digest.length())) + ")";
    }
}
