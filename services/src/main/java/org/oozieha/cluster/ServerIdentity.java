package org.oozieha.cluster;

import java.util.Objects;

/** What a server says about itself, fixed for the life of its process. Immutable. */
public final class ServerIdentity {
    private final String id;
    private final String url;
    private final String packVersion;
    private final String oozieVersion;
    private final long startedAtMs;

    /**
     * @param id {@code oozie.instance.id}: unique in the cluster, no slash
     * @param url base URL under which peers reach this very server, e.g. {@code http://host:11000/oozie}
     * @param startedAtMs wall clock of the process start, milliseconds since the epoch
     */
    public ServerIdentity(String id, String url, String packVersion, String oozieVersion, long startedAtMs) {
        this.id = Objects.requireNonNull(id, "id");
        this.url = Objects.requireNonNull(url, "url");
        this.packVersion = Objects.requireNonNull(packVersion, "packVersion");
        this.oozieVersion = Objects.requireNonNull(oozieVersion, "oozieVersion");
        this.startedAtMs = startedAtMs;
    }

    public String id() {
        return id;
    }

    public String url() {
        return url;
    }

    public String packVersion() {
        return packVersion;
    }

    public String oozieVersion() {
        return oozieVersion;
    }

    public long startedAtMs() {
        return startedAtMs;
    }

    @Override
    public String toString() {
        return id + " at " + url;
    }
}
