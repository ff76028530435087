package org.oozieha.sharelib;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.oozie.action.hadoop.JavaActionExecutor;
import org.apache.oozie.service.DagXLogInfoService;
import org.apache.oozie.util.XLog;
import org.oozieha.sharelib.version.Convergence;
import org.oozieha.sharelib.version.Loaded;

/**
 * Answers what Oozie asks for an action.
 *
 * <p>Guarantee: all answers for one action are of one version. On failure, within 10 s: where this server has not loaded the published
 * version, or could not upload its launcher jars, an unchecked exception, on which Oozie starts the action again. Thread-safe.
 *
 * <p>Source: Oozie 5.2.1's JavaActionExecutor, which lets an action fail for good on an IOException.
 */
final class ServedJars {
    private static final long WAIT_MS = 10_000;

    private final Convergence<ShareLibContent> convergence;
    private final MovedLinks links;
    private final LauncherDirectory launchers;
    private final FileSystemWorker worker;
    private final PinnedContent<ShareLibContent> pinned =
            new PinnedContent<>(this::served, ServedJars::actionAtWork, System::nanoTime);

    /** @param launchers null if the server uploads no launcher jars */
    ServedJars(
            Convergence<ShareLibContent> convergence,
            MovedLinks links,
            LauncherDirectory launchers,
            FileSystemWorker worker) {
        this.convergence = convergence;
        this.links = links;
        this.launchers = launchers;
        this.worker = worker;
    }

    /** Oozie's commands name the action in the thread's log prefix; null outside of one. */
    private static String actionAtWork() {
        return XLog.Info.get().getParameter(DagXLogInfoService.ACTION);
    }

    private ShareLibContent served() {
        ShareLibContent content = convergence.loaded().map(Loaded::content).orElse(null);
        return content == null ? null : links.followed(content);
    }

    /** The question for the root; null if nothing is loaded. */
    ShareLibContent begin() {
        return pinned.begin();
    }

    /** Null if there is nothing under this key, or no sharelib was ever published. */
    List<Path> of(String key) {
        ShareLibContent content = pinned.get();
        if (content == null) {
            content = loadNow();
        }
        return content == null ? null : content.files().get(key);
    }

    /** The launcher jars of this key, and with Oozie's own key also the sharelib's. */
    List<Path> ofSystem(String key) {
        boolean common = key.equals(JavaActionExecutor.OOZIE_COMMON_LIBDIR);
        if (common) {
            pinned.system();
        }
        List<Path> jars = new ArrayList<>();
        if (launchers != null) {
            if (!launchers.isUploaded() && !onUse(launchers::upload, "upload the launcher jars")) {
                throw tryAgain(new IOException(launchers.failure()));
            }
            jars.addAll(launchers.jars(key));
        }
        if (common) {
            List<Path> shared = of(key);
            jars.addAll(shared == null ? Collections.emptyList() : shared);
        }
        return jars;
    }

    /** Key to file to what is in it, of the files that configure actions. */
    Map<String, Map<Path, Configuration>> configurations() {
        ShareLibContent content = pinned.get();
        return content == null ? Collections.emptyMap() : content.configurations();
    }

    private ShareLibContent loadNow() {
        onUse(
                () -> {
                    convergence.converge();
                    return null;
                },
                "load the sharelib");
        ShareLibContent content = pinned.get();
        if (content == null && convergence.mayBePublished()) {
            String failure = convergence.failure();
            throw tryAgain(new IOException("this server has not loaded the published sharelib so far: "
                    + (failure.isEmpty() ? "ZooKeeper is out of reach" : failure)));
        }
        return content;
    }

    private <T> T onUse(Callable<T> task, String what) {
        try {
            return worker.within(WAIT_MS, task, what);
        } catch (IOException e) {
            throw tryAgain(e);
        }
    }

    /** What Oozie takes for a passing error. */
    static UncheckedIOException tryAgain(IOException failure) {
        return new UncheckedIOException(new IOException(failure.getMessage(), failure));
    }
}
