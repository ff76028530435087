package org.oozieha.sharelib.version;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.oozieha.cluster.Json;

/** A published version of the sharelib: the one all servers are to serve while no later one is published. Immutable. */
public final class ShareLibVersion {
    private final long number;
    private final Listing listing;
    private final String publishedBy;
    private final long publishedAtMs;

    /** @param number grows with each publication, from 1 */
    public ShareLibVersion(long number, Listing listing, String publishedBy, long publishedAtMs) {
        this.number = number;
        this.listing = Objects.requireNonNull(listing, "listing");
        this.publishedBy = Objects.requireNonNull(publishedBy, "publishedBy");
        this.publishedAtMs = publishedAtMs;
    }

    /** @throws IllegalArgumentException if the data is damaged; the message says where */
    static ShareLibVersion decode(byte[] data) {
        Map<String, Object> json = Json.object(new String(data, UTF_8));
        return new ShareLibVersion(
                Fields.number(json, "number"),
                Listing.fromJson(Fields.object(json, "listing")),
                Fields.text(json, "published_by"),
                Fields.number(json, "published_at_ms"));
    }

    byte[] encode() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", number);
        json.put("listing", listing.toJson());
        json.put("published_by", publishedBy);
        json.put("published_at_ms", publishedAtMs);
        return Json.write(json).getBytes(UTF_8);
    }

    public long number() {
        return number;
    }

    public Listing listing() {
        return listing;
    }

    public String publishedBy() {
        return publishedBy;
    }

    public long publishedAtMs() {
        return publishedAtMs;
    }

    /** True if a server that has {@code other} needs to load nothing to have this. */
    boolean isSameAs(ShareLibVersion other) {
        return number == other.number
                && listing.digest().equals(other.listing.digest())
                && listing.path().equals(other.listing.path());
    }

    @Override
    public String toString() {
        return "version " + number + ": " + listing;
    }
}
