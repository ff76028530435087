package org.oozieha.sharelib;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.service.ShareLibService;
import org.oozieha.sharelib.version.ContentSource;
import org.oozieha.sharelib.version.Listing;
import org.oozieha.sharelib.version.PurgeTarget;

/**
 * The sharelib below the system libpath, or where the mapping file says.
 *
 * <p>An upload counts as complete if two readings, a second apart, find the same files with the same lengths and time stamps, and none
 * that the file system knows to be open for writing; where no operator said so, also only once nothing has changed for ten seconds. What
 * has not changed for ten minutes is read once. Thread-safe; waits for the file system.
 */
final class ShareLibFiles implements ContentSource<ShareLibContent>, PurgeTarget {
    private static final long READINGS_APART_MS = 1_000;
    private static final long QUIET_MS = 10_000;
    private static final long OLD_MS = 600_000;

    private final ShareLibFileSystem system;
    private final String mappingFile;
    private final Set<String> configurationNames;
    private final LongSupplier wallMs;
    private final Pause pause;

    /**
     * @param mappingFile empty for none
     * @param configurationNames names of the files that configure actions
     * @param wallMs milliseconds since the epoch
     */
    ShareLibFiles(
            ShareLibFileSystem system,
            String mappingFile,
            Set<String> configurationNames,
            LongSupplier wallMs,
            Pause pause) {
        this.system = system;
        this.mappingFile = mappingFile;
        this.configurationNames = configurationNames;
        this.wallMs = wallMs;
        this.pause = pause;
    }

    @Override
    public ShareLibContent newest(Set<String> excluded, boolean asked) throws IOException {
        if (!mappingFile.isEmpty()) {
            return complete(Listing.Kind.MAPPING_FILE, new Path(mappingFile), asked);
        }
        List<Path> candidates = candidates();
        candidates.removeIf(path -> excluded.contains(path.getName()));
        if (candidates.isEmpty()) {
            throw new IOException("there is no sharelib below " + system.root() + ": upload one with oozie-setup.sh"
                    + " sharelib create, then run oozie admin -sharelibupdate");
        }
        IOException first = null;
        for (Path candidate : candidates) {
            try {
                return complete(Listing.Kind.DIRECTORY, candidate, asked);
            } catch (IncompleteException e) {
                first = first == null ? e : first;
                if (asked) {
                    throw e;
                }
            }
        }
        throw first;
    }

    /** Newest first; the root itself where no directory carries a time. */
    private List<Path> candidates() throws IOException {
        Map<String, Long> times = new TreeMap<>();
        List<Path> paths = new ArrayList<>();
        boolean other = false;
        for (FileStatus status : ShareLibTree.children(system.home(), system.root())) {
            String name = status.getPath().getName();
            Optional<Long> time = DirectoryName.timeMs(name);
            other |= status.isDirectory() && !name.startsWith(ShareLibService.LAUNCHER_LIB_PREFIX);
            if (status.isDirectory() && !isLauncher(name) && time.isPresent()) {
                times.put(name, time.get());
                paths.add(status.getPath());
            }
        }
        if (paths.isEmpty() && other) {
            paths.add(system.home().makeQualified(system.root()));
        }
        paths.sort(Comparator.comparing((Path path) -> times.getOrDefault(path.getName(), 0L))
                .reversed());
        return paths;
    }

    private ShareLibContent complete(Listing.Kind kind, Path path, boolean asked) throws IOException {
        ShareLibTree tree = read(kind, path);
        FileStatus place = place(path);
        tree.note(place);
        if (tree.isEmpty()) {
            throw new IncompleteException(path + " holds no file");
        }
        long now = wallMs.getAsLong();
        String open = tree.openFile(now - OLD_MS);
        if (open != null) {
            throw new IncompleteException(path + " is still being uploaded, " + open + " is open: repeat the command"
                    + " once sharelib create has ended");
        }
        long quietMs = now - tree.newestMs();
        if (quietMs >= OLD_MS) {
            return tree.content(kind, place);
        }
        if (!asked && quietMs < QUIET_MS) {
            throw new IncompleteException(path + " was changed a moment ago: it is taken once it has not changed"
                    + " for " + QUIET_MS + " ms, or at once with oozie admin -sharelibupdate");
        }
        await();
        ShareLibContent before = tree.content(kind, place);
        ShareLibTree again = read(kind, path);
        ShareLibContent after = again.content(kind, place(path));
        if (!before.listing().digest().equals(after.listing().digest()) || again.openFile(now - OLD_MS) != null) {
            throw new IncompleteException(path + " is still being uploaded: "
                    + before.listing().files() + " files, then "
                    + after.listing().files()
                    + ": repeat the command once sharelib create has ended");
        }
        return after;
    }

    private void await() throws IOException {
        try {
            pause.pause(READINGS_APART_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for a sharelib to be complete");
        }
    }

    @Override
    public ShareLibContent load(Listing published) throws IOException {
        Path path = new Path(published.path());
        ShareLibTree tree = read(published.kind(), path);
        return tree.content(published.kind(), place(path));
    }

    @Override
    public ShareLibContent loadComplete(Listing published) throws IOException {
        return complete(published.kind(), new Path(published.path()), false);
    }

    private FileStatus place(Path path) throws IOException {
        return system.of(path).getFileStatus(path);
    }

    private ShareLibTree read(Listing.Kind kind, Path path) throws IOException {
        ShareLibTree tree = new ShareLibTree(system, configurationNames);
        if (kind == Listing.Kind.MAPPING_FILE) {
            readMapping(tree, path);
        } else {
            FileSystem of = system.of(path);
            for (FileStatus status : ShareLibTree.children(of, path)) {
                tree.note(status);
                String key = status.getPath().getName();
                if (status.isDirectory() && !isLauncher(key)) {
                    tree.add(key, status.getPath());
                }
            }
        }
        return tree;
    }

    /** Lines {@code oozie.<key>=<path>[,<path>...]}; a path may be of another file system, a link, and have a name for jobs. */
    private void readMapping(ShareLibTree tree, Path file) throws IOException {
        Properties mapping = new Properties();
        try (InputStream in = system.of(file).open(file)) {
            mapping.load(in);
        }
        tree.note(place(file));
        String prefix = ShareLibService.SHARE_LIB_CONF_PREFIX + ".";
        for (String name : mapping.stringPropertyNames()) {
            if (name.toLowerCase(java.util.Locale.ROOT).startsWith(prefix)) {
                for (String path : mapping.getProperty(name).split(",")) {
                    if (!path.trim().isEmpty()) {
                        tree.addMapped(name.substring(prefix.length()), new Path(path.trim()));
                    }
                }
            }
        }
    }

    @Override
    public boolean arePresent(Set<String> directories) throws IOException {
        for (String directory : directories) {
            if (!system.home().exists(new Path(system.root(), directory))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Map<String, Long> directories() throws IOException {
        Map<String, Long> found = new TreeMap<>();
        for (FileStatus status : ShareLibTree.children(system.home(), system.root())) {
            String name = status.getPath().getName();
            if (status.isDirectory()) {
                DirectoryName.timeMs(name).ifPresent(time -> found.put(name, time));
            }
        }
        return found;
    }

    @Override
    public boolean isLauncher(String directory) {
        return directory.startsWith(ShareLibService.LAUNCHER_LIB_PREFIX);
    }

    @Override
    public void delete(String directory) throws IOException {
        Path path = new Path(system.root(), directory);
        if (!system.home().delete(path, true) && system.home().exists(path)) {
            throw new IOException("the file system did not delete " + path);
        }
    }

    private static final class IncompleteException extends IOException {
        private static final long serialVersionUID = 1L;

        private IncompleteException(String message) {
            super(message);
        }
    }
}
