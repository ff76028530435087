package org.oozieha.sharelib;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oozieha.sharelib.version.Convergence;

/** The first load of a server that starts. Used once. */
final class FirstLoad {
    /** Longer than an upload must stand still to be taken. */
    private static final int ATTEMPTS = 13;

    private static final long APART_MS = 1_000;

    private final Convergence<?> convergence;
    private final LauncherDirectory launchers;
    private final FileSystemWorker worker;

    /** @param launchers null if the server uploads no launcher jars */
    FirstLoad(Convergence<?> convergence, LauncherDirectory launchers, FileSystemWorker worker) {
        this.convergence = convergence;
        this.launchers = launchers;
        this.worker = worker;
    }

    /**
     * Loads, on the worker; the attempts go on after this.
     *
     * @param required true if the server does not start without: then an upload that ended just now is waited for
     * @return what is missing after the given time at the latest; empty if nothing is
     */
    String problem(boolean required, long timeoutMs) throws IOException {
        Future<?> first = worker.submit(() -> {
            load(required);
            return null;
        });
        try {
            first.get(timeoutMs, TimeUnit.MILLISECONDS);
            return missing() + (launchers == null ? "" : launchers.failure());
        } catch (TimeoutException e) {
            return "nothing was loaded within oozie.ha.sharelib.update.timeout.ms = " + timeoutMs + " ms: "
                    + (convergence.failure().isEmpty() ? "the file system has not answered" : convergence.failure());
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while the sharelib was loaded");
        }
    }

    private void load(boolean required) throws InterruptedException {
        convergence.start();
        convergence.converge();
        for (int i = 1; required && i < ATTEMPTS && !convergence.loaded().isPresent(); i++) {
            worker.pause(APART_MS);
            convergence.converge();
        }
        if (launchers != null) {
            launchers.upload();
        }
    }

    private String missing() {
        String failure = convergence.failure();
        return failure.isEmpty() && !convergence.loaded().isPresent()
                ? "ZooKeeper has not said which version is published"
                : failure;
    }
}
