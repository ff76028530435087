package org.oozieha.sharelib.version;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerState;

/** The published version and what each server serves, as read from outside the cluster. Immutable. */
public final class VersionView {
    private final List<Row> rows = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private ShareLibVersion published;

    private VersionView() {}

    /**
     * @param root child name to data below {@link ShareLibNodes#ROOT}
     * @param loaded server id to data below {@link ShareLibNodes#LOADED}
     */
    public static VersionView of(Members members, Map<String, byte[]> root, Map<String, byte[]> loaded) {
        VersionView view = new VersionView();
        view.readPublished(root.get(ShareLibNodes.CURRENT));
        SortedSet<String> ids = new TreeSet<>(loaded.keySet());
        members.all().forEach(member -> ids.add(member.id()));
        for (String id : ids) {
            view.add(id, members.find(id), loaded.get(id));
        }
        members.stockServers().keySet().forEach(id -> view.rows.add(new Row(id, "STOCK", 0, "-", "cannot be known")));
        return view;
    }

    private void readPublished(byte[] data) {
        if (data == null) {
            findings.add("no version is published: run oozie admin -sharelibupdate");
            return;
        }
        try {
            published = ShareLibVersion.decode(data);
        } catch (IllegalArgumentException e) {
            findings.add("the published version is damaged, " + e.getMessage() + ": run oozie admin -sharelibupdate");
        }
    }

    private void add(String id, Optional<Member> member, byte[] data) {
        String state = member.map(m -> m.state().name()).orElse("GONE");
        boolean active = member.isPresent() && member.get().state() == ServerState.ACTIVE;
        ServerRecord record;
        try {
            record = data == null ? null : ServerRecord.decode(data);
        } catch (IllegalArgumentException e) {
            findings.add("the record of " + id + " is damaged: " + e.getMessage());
            record = null;
        }
        boolean old = record != null && member.isPresent() && !record.isOf(member.get());
        if (record == null || old) {
            rows.add(new Row(id, state, 0, "-", "has not said what it serves"));
            if (active) {
                findings.add(id + " has not said what it serves: is org.oozieha.sharelib.HAShareLibService in its"
                        + " oozie.services.ext?");
            }
            return;
        }
        String remark = remark(record, active);
        rows.add(new Row(id, state, record.number(), record.path().isEmpty() ? "-" : record.path(), remark));
        if (active && !remark.isEmpty()) {
            findings.add(id + ": " + remark);
        }
    }

    private String remark(ServerRecord record, boolean active) {
        if (!record.failure().isEmpty()) {
            return "last attempt failed: " + record.failure();
        }
        if (published == null) {
            return "";
        }
        if (record.number() != published.number()) {
            return active ? "serves another version than the published one" : "";
        }
        return record.digest().equals(published.listing().digest())
                ? ""
                : "serves files that were changed after they were published: run oozie admin -sharelibupdate";
    }

    /** One line about the published version. */
    public String published() {
        return published == null
                ? "none"
                : published + ", by " + published.publishedBy() + " at "
                        + java.time.Instant.ofEpochMilli(published.publishedAtMs());
    }

    /** Empty if there is none. */
    public Map<String, Object> publishedJson() {
        Map<String, Object> json = new TreeMap<>();
        if (published != null) {
            json.put("version", published.number());
            json.put("by", published.publishedBy());
            json.put("at_ms", published.publishedAtMs());
            json.putAll(published.listing().toJson());
        }
        return json;
    }

    public List<Row> rows() {
        return Collections.unmodifiableList(rows);
    }

    public List<String> findings() {
        return Collections.unmodifiableList(findings);
    }

    /** One server. Immutable. */
    public static final class Row {
        private final String server;
        private final String state;
        private final long number;
        private final String path;
        private final String remark;

        private Row(String server, String state, long number, String path, String remark) {
            this.server = server;
            this.state = state;
            this.number = number;
            this.path = path;
            this.remark = remark;
        }

        public String server() {
            return server;
        }

        /** As registered; GONE or STOCK for others. */
        public String state() {
            return state;
        }

        /** 0 for none. */
        public long number() {
            return number;
        }

        public String path() {
            return path;
        }

        /** Empty if all is well. */
        public String remark() {
            return remark;
        }
    }
}
