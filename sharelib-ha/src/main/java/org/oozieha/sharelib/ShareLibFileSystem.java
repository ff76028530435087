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

/**
 * The file system of the sharelib's root, and those that a mapping file names.
 *
 * <p>Opened when it is first needed, with an instance that nobody else closes; if that fails an IOException says so, and the next use tries
 * again. Thread-safe.
 */
final class ShareLibFileSystem implements AutoCloseable {
    private final Path configuredRoot;
    private final Configuration conf;
    private FileSystem home;
    private FileSystem local;
    private boolean closed;

    ShareLibFileSystem(Path configuredRoot, Configuration conf) {
        this.configuredRoot = configuredRoot;
        this.conf = conf;
    }

    /** The system libpath, absolute also where the configured one is relative to Oozie's home directory. */
    Path root() throws IOException {
        return home().makeQualified(configuredRoot);
    }

    synchronized FileSystem home() throws IOException {
        if (closed) {
            throw new IOException("this server is stopping");
        }
        if (home == null) {
            try {
                URI uri = configuredRoot.toUri();
                home = FileSystem.newInstance(uri.getScheme() == null ? FileSystem.getDefaultUri(conf) : uri, conf);
            } catch (IOException | RuntimeException e) {
                throw new IOException(
                        "the file system of " + configuredRoot + " cannot be opened, see"
                                + " oozie.service.WorkflowAppService.system.libpath: " + e.getMessage(),
                        e);
            }
        }
        return home;
    }

    private synchronized FileSystem local() throws IOException {
        if (local == null) {
            local = FileSystem.getLocal(new Configuration(false));
        }
        return local;
    }

    /** The file system a path belongs to; one without a scheme belongs to the root's. */
    FileSystem of(Path path) throws IOException {
        URI uri = path.toUri();
        FileSystem home = home();
        if (FSUtils.isLocalFile(path.toString()) || "file".equals(uri.getScheme()) && uri.getAuthority() == null) {
            return "file".equals(home.getUri().getScheme()) ? home : local();
        }
        boolean ours = uri.getScheme() == null
                || uri.getScheme().equals(home.getUri().getScheme())
                        && (uri.getAuthority() == null
                                || uri.getAuthority().equals(home.getUri().getAuthority()));
        return ours ? home : FileSystem.get(uri, conf);
    }

    /** True if all servers see the same file, with the same time stamp. */
    boolean isShared(Path path) throws IOException {
        return of(path) != local();
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
    public synchronized void close() throws IOException {
        closed = true;
        if (home != null) {
            home.close();
        }
    }
}
