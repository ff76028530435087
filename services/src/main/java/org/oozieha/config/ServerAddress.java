package org.oozieha.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * Name and URL of this server.
 *
 * <p>The URL reaches this very server from other hosts, so it is never a wildcard address. First that applies: the property for it;
 * a bound interface that names one host, which is then the only one that answers; an instance id that is a name of this host; this
 * host's canonical name.
 */
final class ServerAddress {
    private static final Set<String> WILDCARDS = Collections.unmodifiableSet(
            new HashSet<>(Arrays.asList("", "0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0", "[0:0:0:0:0:0:0:0]", "*")));

    private final String id;
    private final String url;

    private ServerAddress(String id, String url) {
        this.id = id;
        this.url = url;
    }

    static boolean isWildcard(String host) {
        return WILDCARDS.contains(host);
    }

    static ServerAddress of(
            String url, String instanceId, String boundHost, boolean https, long port, HostNames names) {
        String bound = isWildcard(boundHost) ? "" : boundHost;
        String id = instanceId.isEmpty() ? firstOf(bound, names) : instanceId;
        if (!url.isEmpty()) {
            return new ServerAddress(id, url);
        }
        String candidate =
                bound.isEmpty() && !instanceId.isEmpty() && names.isThisHost(instanceId) ? instanceId : bound;
        String host = firstOf(candidate, names);
        String bracketed = host.indexOf(':') >= 0 && host.charAt(0) != '[' ? "[" + host + "]" : host;
        return new ServerAddress(id, (https ? "https" : "http") + "://" + bracketed + ":" + port + "/oozie");
    }

    private static String firstOf(String host, HostNames names) {
        return host.isEmpty() ? names.canonical() : host;
    }

    String id() {
        return id;
    }

    String url() {
        return url;
    }
}
