package org.oozieha.it.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.oozie.util.XLog;

/** Appends one line per event and forces it to disk before it returns; nothing of it is lost with the process. */
final class EffectJournal {
    private static final Object ONE_WRITER = new Object();

    private final Path file;

    EffectJournal(Path file) {
        this.file = file;
    }

    /** Columns: wall clock ms, before|after, operation, server, JVM start ms, job, action, path. */
    void record(String phase, String operation, String path) throws IOException {
        XLog.Info info = XLog.Info.get();
        String line = String.join(
                "\t",
                Long.toString(System.currentTimeMillis()),
                phase,
                operation,
                System.getProperty("oozie.instance.id", "?"),
                Long.toString(ManagementFactory.getRuntimeMXBean().getStartTime()),
                text(info.getParameter("JOB")),
                text(info.getParameter("ACTION")),
                path);
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        synchronized (ONE_WRITER) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
        }
    }

    private static String text(String parameter) {
        return parameter == null ? "-" : parameter;
    }
}
