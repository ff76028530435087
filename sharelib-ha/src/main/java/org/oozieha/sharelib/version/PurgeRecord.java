package org.oozieha.sharelib.version;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.oozieha.cluster.Json;

/**
 * What the leaders know about directories nobody uses any more, and about servers that are gone; one leader hands it to the next.
 * Immutable.
 *
 * <p>A directory goes through {@code UNUSED}, {@code CONDEMNED} (nobody may take it into use any more, the leader looks once more
 * whether somebody does) and {@code DELETING} (nothing saves it). Whoever takes a directory into use announces that first and then
 * reads this record; a leader condemns first and then reads the announcements: one of the two sees the other.
 */
final class PurgeRecord {
    enum State {
        UNUSED,
        CONDEMNED,
        DELETING
    }

    private final long lastMs;
    private final Map<String, Fate> directories;
    private final Map<String, Long> gone;

    private PurgeRecord(long lastMs, Map<String, Fate> directories, Map<String, Long> gone) {
        this.lastMs = lastMs;
        this.directories = Collections.unmodifiableMap(new TreeMap<>(directories));
        this.gone = Collections.unmodifiableMap(new TreeMap<>(gone));
    }

    static PurgeRecord empty() {
        return new PurgeRecord(0, Collections.emptyMap(), Collections.emptyMap());
    }

    /** @throws IllegalArgumentException if the data is damaged; the message says where */
    static PurgeRecord decode(byte[] data) {
        Map<String, Object> json = Json.object(new String(data, UTF_8));
        Map<String, Fate> directories = new TreeMap<>();
        Map<String, Object> fates = Fields.object(json, "directories");
        for (String name : fates.keySet()) {
            Map<String, Object> fate = Fields.object(fates, name);
            directories.put(
                    name, new Fate(State.valueOf(Fields.text(fate, "state")), Fields.number(fate, "unused_since_ms")));
        }
        Map<String, Long> gone = new TreeMap<>();
        Map<String, Object> since = Fields.object(json, "gone_since_ms");
        since.keySet().forEach(id -> gone.put(id, Fields.number(since, id)));
        return new PurgeRecord(Fields.number(json, "last_ms"), directories, gone);
    }

    byte[] encode() {
        Map<String, Object> fates = new LinkedHashMap<>();
        directories.forEach((name, fate) -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("state", fate.state.name());
            json.put("unused_since_ms", fate.unusedSinceMs);
            fates.put(name, json);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("last_ms", lastMs);
        json.put("directories", fates);
        json.put("gone_since_ms", gone);
        return Json.write(json).getBytes(UTF_8);
    }

    /** When a purge was last complete, milliseconds since the epoch; 0 for never. */
    long lastMs() {
        return lastMs;
    }

    PurgeRecord purgedAt(long nowMs) {
        return new PurgeRecord(nowMs, directories, gone);
    }

    /** Directories that nobody may take into use. */
    Set<String> condemned() {
        Set<String> names = new TreeSet<>();
        directories.forEach((name, fate) -> {
            if (fate.state != State.UNUSED) {
                names.add(name);
            }
        });
        return names;
    }

    Set<String> known() {
        return directories.keySet();
    }

    /** Null for a directory that is in use or not known. */
    State state(String directory) {
        Fate fate = directories.get(directory);
        return fate == null ? null : fate.state;
    }

    long unusedSinceMs(String directory) {
        return directories.get(directory).unusedSinceMs;
    }

    PurgeRecord with(String directory, State state, long unusedSinceMs) {
        Map<String, Fate> changed = new TreeMap<>(directories);
        changed.put(directory, new Fate(state, unusedSinceMs));
        return new PurgeRecord(lastMs, changed, gone);
    }

    PurgeRecord without(Collection<String> names) {
        Map<String, Fate> changed = new TreeMap<>(directories);
        changed.keySet().removeAll(names);
        return new PurgeRecord(lastMs, changed, gone);
    }

    /** Since when each server that left a record is not registered; milliseconds since the epoch. */
    Map<String, Long> goneSinceMs() {
        return gone;
    }

    PurgeRecord withGone(Map<String, Long> sinceMs) {
        return new PurgeRecord(lastMs, directories, sinceMs);
    }

    private static final class Fate {
        private final State state;
        private final long unusedSinceMs;

        private Fate(State state, long unusedSinceMs) {
            this.state = state;
            this.unusedSinceMs = unusedSinceMs;
        }
    }
}
