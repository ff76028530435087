package org.oozieha.it.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Paths;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * {@code rec:///}: a local directory whose every change is written down, before and after, with server, job and action, in
 * a file that is forced to disk. A path component {@code sleep-<ms>} makes mkdirs take that long between the two.
 *
 * <p>Configuration: {@code fs.rec.root}, the local directory; {@code fs.rec.journal}, the file.
 */
public final class RecordingFileSystem extends FileSystem {
    private static final Pattern SLEEP = Pattern.compile("sleep-(\\d+)");

    private final RawLocalFileSystem local = new RawLocalFileSystem();
    private URI uri;
    private String root;
    private EffectJournal journal;

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        uri = URI.create("rec:///");
        root = required(conf, "fs.rec.root");
        journal = new EffectJournal(Paths.get(required(conf, "fs.rec.journal")));
        local.initialize(URI.create("file:///"), conf);
        setConf(conf);
    }

    private static String required(Configuration conf, String key) throws IOException {
        String value = conf.get(key);
        if (value == null) {
            throw new IOException(key + " is not set: rec:/// needs it in core-site.xml");
        }
        return value;
    }

    @Override
    public String getScheme() {
        return "rec";
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        journal.record("before", "mkdirs", name(path));
        sleepAsAsked(path);
        boolean done = local.mkdirs(toLocal(path));
        journal.record("after", "mkdirs", name(path));
        return done;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        journal.record("before", "delete", name(path));
        boolean done = local.delete(toLocal(path), recursive);
        journal.record("after", "delete", name(path));
        return done;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        journal.record("before", "rename", name(from) + " to " + name(to));
        boolean done = local.rename(toLocal(from), toLocal(to));
        journal.record("after", "rename", name(from) + " to " + name(to));
        return done;
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        journal.record("before", "create", name(path));
        FSDataOutputStream out = local.create(toLocal(path), overwrite, bufferSize, replication, blockSize, progress);
        journal.record("after", "create", name(path));
        return out;
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) throws IOException {
        journal.record("before", "append", name(path));
        FSDataOutputStream out = local.append(toLocal(path), bufferSize, progress);
        journal.record("after", "append", name(path));
        return out;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return local.open(toLocal(path), bufferSize);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus[] found = local.listStatus(toLocal(path));
        for (FileStatus status : found) {
            status.setPath(fromLocal(status.getPath()));
        }
        return found;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        FileStatus status = local.getFileStatus(toLocal(path));
        status.setPath(fromLocal(status.getPath()));
        return status;
    }

    @Override
    public void setWorkingDirectory(Path path) {
        // Every path here is absolute.
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path("rec:///");
    }

    private static void sleepAsAsked(Path path) throws IOException {
        Matcher asked = SLEEP.matcher(name(path));
        if (!asked.find()) {
            return;
        }
        try {
            Thread.sleep(Long.parseLong(asked.group(1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted in mkdirs " + path);
        }
    }

    private static String name(Path path) {
        return path.toUri().getPath();
    }

    private Path toLocal(Path path) {
        return new Path("file://" + root + name(path));
    }

    private Path fromLocal(Path path) {
        return new Path("rec://" + name(path).substring(root.length()));
    }
}
