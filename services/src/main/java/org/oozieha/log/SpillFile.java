package org.oozieha.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines on disk, first in, first out, in a file of {@code java.io.tmpdir} that vanishes with the process. Not thread-safe.
 *
 * <p>If the disk refuses, it takes no more lines and gives out those it has.
 */
final class SpillFile implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.log");

    private final long maxBytes;
    private FileChannel file;
    private long readAt;
    private long writeAt;
    private boolean broken;

    /** @param maxBytes 0 for no file at all */
    SpillFile(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean isEmpty() {
        return readAt == writeAt;
    }

    /** Takes all lines, or none if there is no room. */
    boolean offer(List<LogLine> lines) {
        if (broken || maxBytes == 0) {
            return false;
        }
        try {
            byte[] block = encode(lines);
            if (writeAt + block.length > maxBytes) {
                return false;
            }
            write(block);
            return true;
        } catch (IOException e) {
            broken = true;
            LOG.warn("Log lines cannot wait on disk, so other servers are held back: tmpdir={}", tmpdir(), e);
            return false;
        }
    }

    /** The lines that were taken first; some, not all. */
    List<LogLine> take() throws IOException {
        byte[] block = read(ByteBuffer.wrap(read(4, readAt)).getInt());
        if (isEmpty()) {
            readAt = 0;
            writeAt = 0;
        }
        return decode(block);
    }

    @Override
    public void close() throws IOException {
        broken = true;
        readAt = writeAt;
        if (file != null) {
            file.close();
        }
    }

    private void write(byte[] block) throws IOException {
        if (file == null) {
            file = FileChannel.open(
                    Files.createTempFile("oozie-ha-log", ".spill"),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        }
        ByteBuffer buffer = ByteBuffer.wrap(block);
        long at = writeAt;
        while (buffer.hasRemaining()) {
            at += file.write(buffer, at);
        }
        writeAt = at;
    }

    private byte[] read(int length) throws IOException {
        byte[] block = read(length, readAt + 4);
        readAt += 4 + length;
        return block;
    }

    private byte[] read(int length, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("lines that waited in " + tmpdir() + " are gone");
            }
        }
        return buffer.array();
    }

    private static byte[] encode(List<LogLine> lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0);
        out.writeInt(lines.size());
        for (LogLine line : lines) {
            byte[] text = line.text().getBytes(StandardCharsets.UTF_8);
            out.writeBoolean(line.isFirst());
            out.writeUTF(line.timestamp());
            out.writeInt(text.length);
            out.write(text);
        }
        byte[] block = bytes.toByteArray();
        ByteBuffer.wrap(block).putInt(block.length - 4);
        return block;
    }

    private static List<LogLine> decode(byte[] block) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(block));
        List<LogLine> lines = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            boolean first = in.readBoolean();
            String timestamp = in.readUTF();
            byte[] text = new byte[in.readInt()];
            in.readFully(text);
            String decoded = new String(text, StandardCharsets.UTF_8);
            lines.add(first ? LogLine.first(timestamp, decoded) : LogLine.further(timestamp, decoded));
        }
        return lines;
    }

    private static String tmpdir() {
        return System.getProperty("java.io.tmpdir");
    }
}
