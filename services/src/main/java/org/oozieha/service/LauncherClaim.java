package org.oozieha.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationId;

/**
 * The file in an action's directory that names the YARN application which runs the action.
 *
 * <p>Guarantee: an application that finds another one's name in it does not run the action's command; a server that finds a name in it
 * goes on with that application and submits none. Oozie's launcher writes it when it runs, if nobody has before; written ahead of the
 * submission it also holds while the application waits in YARN's queue.
 *
 * <p>On failure: a torn file counts as none. As thread-safe as its file system.
 *
 * <p>Source: Oozie 5.2.1, LauncherHelper.getRecoveryId and LauncherAM: one line, {@code application_<cluster start>_<number>}.
 */
final class LauncherClaim {
    private static final int LONGEST_NAME = 200;
    private static final Pattern APPLICATION = Pattern.compile("application_(\\d{1,18})_(\\d{1,9})");

    private final FileSystem files;
    private final Path file;

    LauncherClaim(FileSystem files, Path file) {
        this.files = files;
        this.file = file;
    }

    /** The application named; empty if there is none. */
    Optional<ApplicationId> read() throws IOException {
        if (!files.exists(file)) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder();
        try (InputStream in = files.open(file)) {
            for (int c = in.read(); c > ' ' && name.length() < LONGEST_NAME; c = in.read()) {
                name.append((char) c);
            }
        }
        if (name.length() == 0) {
            return Optional.empty();
        }
        Matcher application = APPLICATION.matcher(name);
        if (!application.matches()) {
            throw new IOException(file + " should name the YARN application that runs the action, and says '" + name
                    + "'. Delete it to have the action started again");
        }
        return Optional.of(ApplicationId.newInstance(
                Long.parseLong(application.group(1)), Integer.parseInt(application.group(2))));
    }

    /**
     * Names the application. It is written aside and renamed, so it is there completely or not at all, and on HDFS never in place of another
     * name.
     */
    void write(ApplicationId application) throws IOException {
        Path aside = new Path(file.getParent(), "." + application + ".tmp");
        try (OutputStream out = files.create(aside, true)) {
            out.write(application.toString().getBytes(StandardCharsets.UTF_8));
        }
        if (files.exists(file) && !read().isPresent()) {
            files.delete(file, false);
        }
        if (!files.rename(aside, file)) {
            files.delete(aside, false);
            throw new IOException(
                    "cannot rename " + aside + " to " + file + ": somebody else names an application there");
        }
    }

    /** Names nobody any more. */
    void withdraw() throws IOException {
        files.delete(file, false);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
