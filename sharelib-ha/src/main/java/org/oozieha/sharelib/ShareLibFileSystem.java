package org.oozieha.sharelib;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.util.FSUtils;

/** The file system of the sharelib's root, and those that a mapping file names. Thread-safe. */
final class ShareLibFileSystem implements AutoCloseable {
    private final Path root;
    private final Configuration conf;
    private final FileSystem home;
    private final FileSystem local;

    private ShareLibFileSystem(Path root, Configuration conf, FileSystem home, FileSystem local) {
        this.root = root;
        this.conf = conf;
        this.home = home;
        this.local = local;
    }

    /** Instances of its own, which nobody else closes. */
    static ShareLibFileSystem open(Path root, Configuration conf) throws IOException {
        URI uri = root.toUri().getScheme() == null ? FileSystem.getDefaultUri(conf) : root.toUri();
        FileSystem home = FileSystem.newInstance(uri, conf);
        return new ShareLibFileSystem(
                home.makeQualified(root), conf, home, FileSystem.getLocal(new Configuration(false)));
    }

    /** The system libpath, absolute also where the configured one is relative to Oozie's home directory. */
    Path root() {
        return root;
    }

    FileSystem home() {
        return home;
    }

    /** The file system a path belongs to; one without a scheme belongs to the root's. */
    FileSystem of(Path path) throws IOException {
        URI uri = path.toUri();
        if (FSUtils.isLocalFile(path.toString()) || "file".equals(uri.getScheme()) && uri.getAuthority() == null) {
            return "file".equals(home.getUri().getScheme()) ? home : local;
        }
        boolean ours = uri.getScheme() == null
                || uri.getScheme().equals(home.getUri().getScheme())
                        && (uri.getAuthority() == null
                                || uri.getAuthority().equals(home.getUri().getAuthority()));
        return ours ? home : FileSystem.get(uri, conf);
    }

    /** True if all servers see the same file, with the same time stamp. */
    boolean isShared(Path path) throws IOException {
        return of(path) != local;
    }

    /** A path without the name it is given in a job: {@code hdfs://host/a.jar#b.jar} is {@code hdfs://host/a.jar}. */
    static Path withoutFragment(Path path) {
        String text = path.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? path : new Path(text.substring(0, hash));
    }

    /** The name a file has in a job. */
    static String nameInJob(Path path) {
        String text = path.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? path.getName() : text.substring(hash + 1);
    }

    /** False if the file system says that the file is still being written; many cannot say it. */
    boolean isClosed(FileStatus file) throws IOException {
        FileSystem system = of(file.getPath());
        try {
            Method isFileClosed = system.getClass().getMethod("isFileClosed", Path.class);
            return (Boolean) isFileClosed.invoke(system, file.getPath());
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IOException("cannot tell whether " + file.getPath() + " is complete: " + e.getCause(), e);
        }
    }

    @Override
    public void close() throws IOException {
        home.close();
    }
}
