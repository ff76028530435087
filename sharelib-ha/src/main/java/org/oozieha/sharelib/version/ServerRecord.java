package org.oozieha.sharelib.version;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.oozieha.cluster.Json;
import org.oozieha.cluster.Member;

/**
 * What one process of one server tells the others about its sharelib: what it has loaded, what it is about to load, and why the last
 * attempt failed. Outlives the process, so that what a dead server used is known. Immutable.
 */
public final class ServerRecord {
    private final String server;
    private final long startedAtMs;
    private final long number;
    private final String path;
    private final String digest;
    private final SortedSet<String> uses;
    private final SortedSet<String> announced;
    private final long failedNumber;
    private final String failure;
    private final long atMs;

    private ServerRecord(
            String server,
            long startedAtMs,
            long number,
            String path,
            String digest,
            Collection<String> uses,
            Collection<String> announced,
            long failedNumber,
            String failure,
            long atMs) {
        this.server = Objects.requireNonNull(server, "server");
        this.startedAtMs = startedAtMs;
        this.number = number;
        this.path = path;
        this.digest = digest;
        this.uses = Collections.unmodifiableSortedSet(new TreeSet<>(uses));
        this.announced = Collections.unmodifiableSortedSet(new TreeSet<>(announced));
        this.failedNumber = failedNumber;
        this.failure = failure;
        this.atMs = atMs;
    }

    /** A process that has loaded nothing yet. */
    static ServerRecord of(String server, long startedAtMs) {
        return new ServerRecord(
                server, startedAtMs, 0, "", "", Collections.emptySet(), Collections.emptySet(), 0, "", 0);
    }

    /** The same process after it loaded a version. */
    ServerRecord loaded(long newNumber, Listing listing, Collection<String> own, long nowMs) {
        SortedSet<String> all = new TreeSet<>(own);
        all.addAll(listing.directories());
        return new ServerRecord(
                server,
                startedAtMs,
                newNumber,
                listing.path(),
                listing.digest(),
                all,
                Collections.emptySet(),
                0,
                "",
                nowMs);
    }

    /** The same process, about to load what is in these directories. */
    ServerRecord announcing(Collection<String> directories, long nowMs) {
        return new ServerRecord(
                server, startedAtMs, number, path, digest, uses, directories, failedNumber, failure, nowMs);
    }

    /** The same process, with these directories of its own besides what it has loaded. */
    ServerRecord using(Collection<String> own, long nowMs) {
        SortedSet<String> all = new TreeSet<>(uses);
        all.addAll(own);
        return new ServerRecord(
                server, startedAtMs, number, path, digest, all, announced, failedNumber, failure, nowMs);
    }

    /** The same process after an attempt failed; what it had is kept. */
    ServerRecord failed(long newFailedNumber, String reason, long nowMs) {
        return new ServerRecord(
                server,
                startedAtMs,
                number,
                path,
                digest,
                uses,
                Collections.emptySet(),
                newFailedNumber,
                reason,
                nowMs);
    }

    /** @throws IllegalArgumentException if the data is damaged; the message says where */
    static ServerRecord decode(byte[] data) {
        Map<String, Object> json = Json.object(new String(data, UTF_8));
        return new ServerRecord(
                Fields.text(json, "server"),
                Fields.number(json, "started_at_ms"),
                Fields.number(json, "number"),
                Fields.text(json, "path"),
                Fields.text(json, "digest"),
                Fields.texts(json, "uses"),
                Fields.texts(json, "announced"),
                Fields.number(json, "failed_number"),
                Fields.text(json, "failure"),
                Fields.number(json, "at_ms"));
    }

    byte[] encode() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("server", server);
        json.put("started_at_ms", startedAtMs);
        json.put("number", number);
        json.put("path", path);
        json.put("digest", digest);
        json.put("uses", new ArrayList<>(uses));
        json.put("announced", new ArrayList<>(announced));
        json.put("failed_number", failedNumber);
        json.put("failure", failure);
        json.put("at_ms", atMs);
        return Json.write(json).getBytes(UTF_8);
    }

    public String server() {
        return server;
    }

    /** True if it is about this very process, and not about an earlier one of the same server. */
    public boolean isOf(Member member) {
        return server.equals(member.id()) && startedAtMs == member.identity().startedAtMs();
    }

    /** The version it serves; 0 for none. */
    public long number() {
        return number;
    }

    public String path() {
        return path;
    }

    public String digest() {
        return digest;
    }

    /** The version the last attempt failed for; 0 if it did not fail. */
    public long failedNumber() {
        return failedNumber;
    }

    /** Why the last attempt failed; empty if it did not. */
    public String failure() {
        return failure;
    }

    /** True if it tells of an attempt that has not ended well. */
    boolean isUnsettled() {
        return failedNumber != 0 || !failure.isEmpty() || !announced.isEmpty();
    }

    /** Directories below the sharelib's root that must stay for it. */
    SortedSet<String> needs() {
        SortedSet<String> needs = new TreeSet<>(uses);
        needs.addAll(announced);
        return needs;
    }
}
