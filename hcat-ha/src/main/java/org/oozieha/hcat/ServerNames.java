package org.oozieha.hcat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One form for the authority of a metastore, for whatever is registered, arrives or is looked up.
 *
 * <p>Canonical host names if Oozie is configured so; a name that does not resolve stays as it is. Each authority is resolved once.
 * Thread-safe.
 */
final class ServerNames {
    private final boolean canonical;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    ServerNames(boolean canonical) {
        this.canonical = canonical;
    }

    /** @param authority {@code host:port}, several with commas, or a logical name */
    String of(String authority) {
        return known.computeIfAbsent(authority, this::resolve);
    }

    private String resolve(String authority) {
        StringJoiner all = new StringJoiner(",");
        for (String server : authority.split(",")) {
            int port = server.lastIndexOf(':');
            String host = port < 0 ? server : server.substring(0, port);
            all.add(host(host).toLowerCase(Locale.ROOT) + (port < 0 ? "" : server.substring(port)));
        }
        return all.toString();
    }

    private String host(String name) {
        if (!canonical) {
            return name;
        }
        try {
            return InetAddress.getByName(name).getCanonicalHostName();
        } catch (UnknownHostException logicalOrGone) {
            return name;
        }
    }
}
