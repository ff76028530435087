package org.oozieha.sharelib;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.util.FSUtils;
import org.oozieha.sharelib.version.Convergence;
import org.oozieha.sharelib.version.Loaded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the symbolic links that a mapping file names, as stock Oozie does, but for all keys at once and only where an action begins.
 *
 * <p>Guarantee: where a link points elsewhere, a new version is published, once for all threads that notice it. On failure, or after 10 s,
 * what was served stays in use. Thread-safe; waits for the file system.
 */
final class MovedLinks {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.sharelib");
    private static final long WAIT_MS = 10_000;

    private final ShareLibFileSystem system;
    private final Convergence<ShareLibContent> convergence;
    private final FileSystemWorker worker;
    private Future<?> publishing;

    MovedLinks(ShareLibFileSystem system, Convergence<ShareLibContent> convergence, FileSystemWorker worker) {
        this.system = system;
        this.convergence = convergence;
        this.worker = worker;
    }

    /** What is served after all links of this content were looked at. */
    ShareLibContent followed(ShareLibContent content) {
        for (Map<Path, Path> ofKey : content.links().values()) {
            for (Map.Entry<Path, Path> link : ofKey.entrySet()) {
                if (hasMoved(link.getKey(), link.getValue())) {
                    return publish(content);
                }
            }
        }
        return content;
    }

    private boolean hasMoved(Path link, Path before) {
        try {
            Path now = FSUtils.getSymLinkTarget(system.of(link), link);
            if (before.equals(now)) {
                return false;
            }
            LOG.info("A link of the sharelib points elsewhere: link={} before={} now={}", link, before, now);
            return true;
        } catch (FileNotFoundException e) {
            LOG.warn("A link of the sharelib is gone, what it pointed to stays in use: {}", link);
        } catch (IOException e) {
            LOG.warn("A link of the sharelib cannot be read: {} {}", link, e.getMessage());
        }
        return false;
    }

    private ShareLibContent publish(ShareLibContent seen) {
        try {
            published(seen).get(WAIT_MS, TimeUnit.MILLISECONDS);
            return served();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("The sharelib stays as it was although a link points elsewhere: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return seen;
    }

    private synchronized Future<?> published(ShareLibContent seen) {
        if (publishing == null || publishing.isDone()) {
            publishing = worker.submit(() -> served() == seen ? convergence.publishNewest() : null);
        }
        return publishing;
    }

    private ShareLibContent served() {
        return convergence.loaded().map(Loaded::content).orElse(null);
    }
}
