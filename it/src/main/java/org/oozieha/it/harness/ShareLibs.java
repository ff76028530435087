package org.oozieha.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sharelibs of a cluster, and which one each of its servers serves, by the server's own word. */
public final class ShareLibs {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final Pattern SERVED = Pattern.compile("(lib_\\d{14})");
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Path root;

    /** @param workspace that of the cluster, before or after it is started */
    public ShareLibs(Workspace workspace) {
        this.root = workspace.dir("sharelib");
    }

    /** What {@code oozie-setup.sh sharelib create} leaves, named as if it had run so long ago; returns the directory's name. */
    public String upload(Duration ago) {
        String name = "lib_" + TIME.format(LocalDateTime.now().minus(ago));
        for (String key : new String[] {"oozie", "hive"}) {
            write(name, key, key + "-" + name + ".jar");
        }
        return name;
    }

    /** Lets a directory look as if its upload had ended so long ago. */
    public void age(String directory, Duration ago) {
        FileTime then = FileTime.from(Instant.now().minus(ago));
        try (Stream<Path> paths = Files.walk(root.resolve(directory))) {
            for (Path path : paths.collect(Collectors.toList())) {
                Files.setLastModifiedTime(path, then);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One more file of an upload in progress. */
    public void write(String directory, String key, String file) {
        try {
            Path path = Directories.create(root.resolve(directory).resolve(key)).resolve(file);
            Files.write(path, file.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory the server takes its jars from; {@code "none"} if it has none, or does not answer. */
    public String servedBy(OozieServer server) {
        try {
            String files = Http.get(server.url() + "/v2/admin/list_sharelib?lib=hive", ANSWER);
            Matcher found = SERVED.matcher(files);
            return found.find() ? found.group(1) : "none";
        } catch (RuntimeException e) {
            return "none";
        }
    }

    /** Asks one server to update, as its peers or an operator do; the answer's body. */
    public String update(OozieServer server, boolean all, Duration bound) {
        return Http.get(server.url() + "/v2/admin/update_sharelib?allservers=" + all, bound);
    }

    public void delete(String directory) {
        Directories.delete(root.resolve(directory));
    }

    /** Names below the root, sorted. */
    public List<String> directories(String prefix) {
        return Directories.list(root, prefix, "").stream()
                .map(path -> path.getFileName().toString())
                .collect(Collectors.toList());
    }
}
