package org.oozieha.it.server;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.client.WorkflowJob;
import org.apache.oozie.service.ConfigurationService;
import org.apache.oozie.util.XConfiguration;

/**
 * Holds the command that starts a job's action at the point the job names in its property {@code parkAt}, until the harness lets it go.
 * Only the first server that comes to that point is held; one that starts the action again is not.
 *
 * <p>Files in the directory {@code it.parking} of oozie-site: {@code <job>.<point>}, whose content is the server held there; {@code <job>.go}
 * lets it go; {@code <job>.left} says that it went.
 */
final class ParkingPlace {
    private static final long BOUND_NANOS = TimeUnit.MINUTES.toNanos(20);
    private static final long POLL_MILLIS = 20;

    private final Path dir;
    private final String job;
    private final String wanted;

    private ParkingPlace(Path dir, String job, String wanted) {
        this.dir = dir;
        this.job = job;
        this.wanted = wanted;
    }

    static ParkingPlace of(WorkflowJob job) {
        try {
            Path dir = Paths.get(ConfigurationService.get("it.parking"));
            String conf = job.getConf() == null ? "<configuration/>" : job.getConf();
            String wanted = new XConfiguration(new StringReader(conf)).get("parkAt", "");
            return new ParkingPlace(dir, job.getId(), wanted);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the configuration of " + job.getId(), e);
        }
    }

    /** Returns at once unless the job is to be held here and nobody was yet. */
    void pass(String point) {
        if (!point.equals(wanted)) {
            return;
        }
        byte[] server = System.getProperty("oozie.instance.id", "?").getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(
                    dir.resolve(job + "." + point), server, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            awaitRelease();
            Files.write(dir.resolve(job + ".left"), server);
        } catch (FileAlreadyExistsException e) {
            // Another server was held here, or this one when it tried before.
        } catch (IOException e) {
            throw new IllegalStateException("cannot hold " + job + " at " + point + " in " + dir, e);
        }
    }

    private void awaitRelease() {
        long start = System.nanoTime();
        while (!Files.exists(dir.resolve(job + ".go"))) {
            if (System.nanoTime() - start > BOUND_NANOS) {
                throw new IllegalStateException("nobody let " + job + " go");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while " + job + " was held", e);
            }
        }
    }
}
