package org.oozieha.sharelib;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.util.FSUtils;
import org.apache.oozie.util.XConfiguration;
import org.oozieha.sharelib.version.Listing;

/** One reading of a sharelib: collects files key by key, and what tells whether it is complete. Not thread-safe, used once. */
final class ShareLibTree {
    private final ShareLibFileSystem system;
    private final Set<String> configurationNames;
    private final Map<String, List<Path>> files = new TreeMap<>();
    private final Map<String, Map<Path, Configuration>> configurations = new TreeMap<>();
    private final Map<String, Map<Path, Path>> links = new TreeMap<>();
    private final List<FileStatus> statuses = new ArrayList<>();
    private final Set<String> lines = new TreeSet<>();
    private final Set<String> directories = new TreeSet<>();
    private long newestMs;

    /** @param configurationNames names of the files that configure actions */
    ShareLibTree(ShareLibFileSystem system, Set<String> configurationNames) {
        this.system = system;
        this.configurationNames = configurationNames;
    }

    /** All files below a path that a mapping file names; the path may be a file or a link, and have a name for jobs. */
    void addMapped(String key, Path named) throws IOException {
        FileSystem of = system.of(named);
        Path path = ShareLibFileSystem.withoutFragment(named);
        if (FSUtils.isSymlink(of, named)) {
            Path target = FSUtils.getSymLinkTarget(of, named);
            links.computeIfAbsent(key, k -> new TreeMap<>()).put(named, target);
            lines.add(key + '\t' + named + "\t-> " + target);
            noteDirectory(target);
        }
        FileStatus status = of.getFileStatus(path);
        if (status.isDirectory()) {
            add(key, of, status.getPath());
        } else {
            addFile(key, of.makeQualified(named), status);
        }
    }

    /** All files below a directory. */
    void add(String key, Path directory) throws IOException {
        add(key, system.of(directory), directory);
    }

    private void add(String key, FileSystem of, Path directory) throws IOException {
        files.computeIfAbsent(key, k -> new ArrayList<>());
        for (FileStatus status : children(of, directory)) {
            note(status);
            if (status.isDirectory()) {
                add(key, of, status.getPath());
            } else {
                addFile(key, status.getPath(), status);
            }
        }
    }

    private void addFile(String key, Path path, FileStatus status) throws IOException {
        note(status);
        files.computeIfAbsent(key, k -> new ArrayList<>()).add(path);
        statuses.add(status);
        noteDirectory(status.getPath());
        String changed = system.isShared(status.getPath()) ? "\t" + status.getModificationTime() : "";
        lines.add(key + '\t' + path + '\t' + status.getLen() + changed);
        if (configurationNames.contains(ShareLibFileSystem.nameInJob(path))) {
            configurations.computeIfAbsent(key, k -> new TreeMap<>()).put(path, configuration(status));
        }
    }

    private Configuration configuration(FileStatus status) throws IOException {
        try (InputStream in = system.of(status.getPath()).open(status.getPath())) {
            return new XConfiguration(in);
        }
    }

    void note(FileStatus status) {
        newestMs = Math.max(newestMs, status.getModificationTime());
    }

    /** Remembers which directory below the root a path lies in. */
    private void noteDirectory(Path path) throws IOException {
        String parent = Path.getPathWithoutSchemeAndAuthority(system.root()) + "/";
        String text = Path.getPathWithoutSchemeAndAuthority(path).toString();
        if (text.startsWith(parent)) {
            directories.add(text.substring(parent.length()).replaceAll("/.*", ""));
        }
    }

    static FileStatus[] children(FileSystem of, Path directory) throws IOException {
        FileStatus[] children = of.listStatus(directory);
        if (children == null) {
            throw new FileNotFoundException(directory + " does not exist");
        }
        return children;
    }

    boolean isEmpty() {
        return statuses.isEmpty();
    }

    /** When something in it was last changed, by the file system's clock; milliseconds since the epoch. */
    long newestMs() {
        return newestMs;
    }

    /** A file that is still being written, as far as the file system can say. */
    String openFile(long sinceMs) throws IOException {
        for (FileStatus status : statuses) {
            boolean mayBeOpen = status.getModificationTime() >= sinceMs || endsWithBlock(status);
            if (mayBeOpen && !system.isClosed(status)) {
                return status.getPath().toString();
            }
        }
        return null;
    }

    /** HDFS gives an open file the time it was made at, and the length of its full blocks. */
    private static boolean endsWithBlock(FileStatus status) {
        long block = status.getBlockSize();
        return status.getLen() == 0 || block > 0 && status.getLen() % block == 0;
    }

    ShareLibContent content(Listing.Kind kind, FileStatus place) {
        Listing listing = new Listing(
                kind, place.getPath().toString(), place.getModificationTime(), digest(), statuses.size(), directories);
        return new ShareLibContent(listing, unmodifiable(files), configurations, links);
    }

    private String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String line : lines) {
                sha.update((line + '\n').getBytes(StandardCharsets.UTF_8));
            }
            return String.format("%064x", new BigInteger(1, sha.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Map<String, List<Path>> unmodifiable(Map<String, List<Path>> files) {
        files.replaceAll((key, paths) -> Collections.unmodifiableList(paths));
        return files;
    }
}
