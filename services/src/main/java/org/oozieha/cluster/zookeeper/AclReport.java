package org.oozieha.cluster.zookeeper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found, and done, about the ACLs of the znodes of a namespace. Immutable. */
public final class AclReport {
    private static final int NAMED = 20;

    private final String wanted;
    private final boolean changed;
    private final long seen;
    private final long different;
    private final long refused;
    private final Map<String, String> firstDifferent;
    private final List<String> firstRefused;
    private final boolean secretsDiscarded;

    private AclReport(Builder builder) {
        wanted = builder.wanted;
        changed = builder.changed;
        seen = builder.seen;
        different = builder.different;
        refused = builder.refused;
        firstDifferent = Collections.unmodifiableMap(builder.firstDifferent);
        firstRefused = Collections.unmodifiableList(builder.firstRefused);
        secretsDiscarded = builder.secretsDiscarded;
    }

    /** The ACL that every znode should have, as ZooKeeper's tools print it. */
    public String wanted() {
        return wanted;
    }

    /** True if those that differed were changed. */
    public boolean changed() {
        return changed;
    }

    /** Znodes whose ACL was read. */
    public long seen() {
        return seen;
    }

    /** Znodes that had another ACL. */
    public long different() {
        return different;
    }

    /** Znodes that this login may not look into, or change. */
    public long refused() {
        return refused;
    }

    /** Some that differed: path within the namespace, and the ACL that was found. */
    public Map<String, String> firstDifferent() {
        return firstDifferent;
    }

    /** Some that were refused. */
    public List<String> firstRefused() {
        return firstRefused;
    }

    /** True if the secret that signs login cookies was deleted because others could read or replace it; the servers make a new one. */
    public boolean secretsDiscarded() {
        return secretsDiscarded;
    }

    /** Collects. Not thread-safe. */
    static final class Builder {
        private final boolean changed;
        private final String wanted;
        private final Map<String, String> firstDifferent = new LinkedHashMap<>();
        private final List<String> firstRefused = new ArrayList<>();
        private long seen;
        private long different;
        private long refused;
        private boolean secretsDiscarded;

        Builder(boolean changed, String wanted) {
            this.changed = changed;
            this.wanted = wanted;
        }

        void seen() {
            seen++;
        }

        void different(String path, String acl) {
            if (different++ < NAMED) {
                firstDifferent.put(path, acl);
            }
        }

        void refused(String path) {
            if (refused++ < NAMED) {
                firstRefused.add(path);
            }
        }

        void secretsDiscarded() {
            secretsDiscarded = true;
        }

        AclReport build() {
            return new AclReport(this);
        }
    }
}
