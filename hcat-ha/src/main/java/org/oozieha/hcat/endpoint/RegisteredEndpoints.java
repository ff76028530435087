package org.oozieha.hcat.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oozieha.cluster.WatchedDirectory;

/**
 * Servers that register themselves in ZooKeeper, as Hive's do.
 *
 * <p>Guarantee: read from notifications, never polled. A metastore of Hive 3 or 4 writes {@code host:port} as its node's data, under a name
 * of the same text and a sequence number; HiveServer2 names its node {@code serverUri=host:port;version=…;sequence=…}, and its data may be
 * anything. A node of neither form is passed over. Thread-safe.
 */
public final class RegisteredEndpoints implements Endpoints {
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:/,;=]+):\\d{1,5}");
    private static final Pattern SERVER_URI = Pattern.compile("serverUri=([^;]+);.*");

    private final WatchedDirectory directory;
    private final String where;

    /** @param where for messages, e.g. {@code zookeeper:/hive_metastore} */
    public RegisteredEndpoints(WatchedDirectory directory, String where) {
        this.directory = directory;
        this.where = where;
    }

    @Override
    public List<String> live() {
        Set<String> found = new TreeSet<>();
        for (Map.Entry<String, byte[]> node : directory.entries().entrySet()) {
            address(node.getKey(), node.getValue()).ifPresent(found::add);
        }
        return Collections.unmodifiableList(new ArrayList<>(found));
    }

    static Optional<String> address(String name, byte[] data) {
        Matcher hiveServer2 = SERVER_URI.matcher(name);
        String text = hiveServer2.matches()
                ? hiveServer2.group(1)
                : new String(data, StandardCharsets.UTF_8).trim().replaceFirst("^thrift://", "");
        return ADDRESS.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    @Override
    public String toString() {
        return where;
    }
}
