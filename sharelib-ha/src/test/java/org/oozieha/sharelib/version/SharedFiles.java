package org.oozieha.sharelib.version;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A file system all servers share: directories with a time in their name and a digest as content. */
final class SharedFiles {
    private final Map<String, String> digests = new TreeMap<>();
    private final Set<String> incomplete = new TreeSet<>();
    private final Set<String> deleted = new TreeSet<>();
    private final Set<String> undeletable = new TreeSet<>();
    private boolean away;
    private Runnable onDelete = () -> {};

    /** Uploads {@code lib_<day>}. */
    String upload(int day) {
        return upload("lib_" + String.format("%04d", day));
    }

    String upload(String directory) {
        digests.put(directory, "digest-of-" + directory);
        return directory;
    }

    /** @param digest null: it is gone */
    void change(String directory, String digest) {
        if (digest == null) {
            digests.remove(directory);
        } else {
            digests.put(directory, digest);
        }
    }

    void incomplete(String directory, boolean is) {
        if (is) {
            incomplete.add(directory);
        } else {
            incomplete.remove(directory);
        }
    }

    void undeletable(String directory) {
        undeletable.add(directory);
    }

    void away(boolean is) {
        away = is;
    }

    /** Runs just before the next deletion; a RuntimeException is the crash of who deletes. */
    void beforeDeletion(Runnable action) {
        onDelete = action;
    }

    Set<String> directories() {
        return new TreeSet<>(digests.keySet());
    }

    Set<String> deleted() {
        return Collections.unmodifiableSet(deleted);
    }

    /** Milliseconds since the epoch of day n in {@code lib_n}. */
    static long timeMs(String directory) {
        return Long.parseLong(directory.replaceAll(".*_(\\d+).*", "$1")) * 24 * 60 * 60_000L;
    }

    Source source() {
        return new Source();
    }

    private void check() throws IOException {
        if (away) {
            throw new IOException("the file system is away");
        }
    }

    /** What one server sees of it. */
    final class Source implements ContentSource<FakeContent>, PurgeTarget {
        private final Set<String> unseen = new TreeSet<>();
        private boolean broken;
        private Runnable onRead = () -> {};

        /** Runs once, when the newest version was read and before it is announced. */
        void afterNextRead(Runnable action) {
            onRead = action;
        }

        /** Only this server does not find it. */
        void unseen(String directory) {
            unseen.add(directory);
        }

        /** Only this server cannot load. */
        void broken(boolean is) {
            broken = is;
        }

        private FakeContent read(String directory) throws IOException {
            check();
            if (broken) {
                throw new IOException("this server cannot read");
            }
            String digest = digests.get(directory);
            if (digest == null || unseen.contains(directory)) {
                throw new FileNotFoundException(directory);
            }
            return new FakeContent(directory, digest);
        }

        @Override
        public FakeContent newest(Set<String> excluded, boolean asked) throws IOException {
            check();
            TreeSet<String> names = new TreeSet<>(digests.keySet());
            names.removeIf(name -> isLauncher(name) || excluded.contains(name) || unseen.contains(name));
            for (String name : names.descendingSet()) {
                if (!incomplete.contains(name)) {
                    FakeContent content = read(name);
                    Runnable action = onRead;
                    onRead = () -> {};
                    action.run();
                    return content;
                }
                if (asked) {
                    throw new IOException(name + " is incomplete");
                }
            }
            throw new IOException("there is no sharelib");
        }

        @Override
        public FakeContent load(Listing published) throws IOException {
            return read(published.path());
        }

        @Override
        public FakeContent loadComplete(Listing published) throws IOException {
            if (incomplete.contains(published.path())) {
                throw new IOException(published.path() + " is incomplete");
            }
            return load(published);
        }

        @Override
        public boolean arePresent(Set<String> names) throws IOException {
            check();
            return digests.keySet().containsAll(names);
        }

        @Override
        public Map<String, Long> directories() throws IOException {
            check();
            Map<String, Long> times = new TreeMap<>();
            digests.keySet().forEach(name -> times.put(name, timeMs(name)));
            return times;
        }

        @Override
        public boolean isLauncher(String directory) {
            return directory.startsWith("launcher_");
        }

        @Override
        public void delete(String directory) throws IOException {
            check();
            Runnable action = onDelete;
            onDelete = () -> {};
            action.run();
            if (undeletable.contains(directory)) {
                throw new IOException(directory + " belongs to somebody else");
            }
            digests.remove(directory);
            deleted.add(directory);
        }
    }

    static final class FakeContent implements Content {
        private final Listing listing;

        private FakeContent(String directory, String digest) {
            listing = new Listing(
                    Listing.Kind.DIRECTORY, directory, timeMs(directory), digest, 1, Collections.singleton(directory));
        }

        @Override
        public Listing listing() {
            return listing;
        }
    }
}
