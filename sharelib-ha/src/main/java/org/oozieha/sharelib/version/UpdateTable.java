package org.oozieha.sharelib.version;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerState;

/**
 * Which servers have a version, one line each. Immutable.
 *
 * <p>An ACTIVE server has loaded it, failed, or has not answered; stock servers are not reached. A server that is not ACTIVE takes no
 * work, and loads the version before it is asked for or as soon as it can: it never makes an update fail.
 */
public final class UpdateTable {
    private enum Outcome {
        LOADED,
        LATER,
        FAILED,
        PENDING
    }

    private final Map<String, Outcome> outcomes = new TreeMap<>();
    private final Map<String, String> lines = new LinkedHashMap<>();

    private UpdateTable() {}

    /** @param others ids of servers that may not be registered now but will come back */
    static UpdateTable of(
            ShareLibVersion version, Members members, Map<String, ServerRecord> records, Collection<String> others) {
        SortedSet<String> ids = new TreeSet<>(others);
        ids.addAll(records.keySet());
        members.all().forEach(member -> ids.add(member.id()));
        ids.addAll(members.stockServers().keySet());
        UpdateTable table = new UpdateTable();
        for (String id : ids) {
            table.add(id, version, members, Optional.ofNullable(records.get(id)));
        }
        return table;
    }

    private void add(String id, ShareLibVersion version, Members members, Optional<ServerRecord> told) {
        Optional<Member> member = members.find(id);
        if (members.stockServers().containsKey(id)) {
            put(id, Outcome.FAILED, "not reached: it runs stock services; run the command with its own URL");
        } else if (!member.isPresent()) {
            put(id, Outcome.LATER, "will load when it returns");
        } else {
            add(id, version, member.get().state(), told.filter(record -> record.isOf(member.get())));
        }
    }

    private void add(String id, ShareLibVersion version, ServerState state, Optional<ServerRecord> told) {
        boolean active = state == ServerState.ACTIVE;
        if (told.isPresent() && told.get().number() == version.number()) {
            put(id, Outcome.LOADED, "loaded");
        } else if (told.isPresent() && told.get().number() > version.number()) {
            put(id, Outcome.LOADED, "loaded version " + told.get().number() + ", which was published meanwhile");
        } else if (told.isPresent() && told.get().failedNumber() >= version.number()) {
            put(
                    id,
                    active ? Outcome.FAILED : Outcome.LATER,
                    "failed: " + told.get().failure());
        } else if (active) {
            put(id, Outcome.PENDING, "failed: has not answered; will load as soon as it can");
        } else {
            put(id, Outcome.LATER, "will load when it is active, now " + state);
        }
    }

    private void put(String id, Outcome outcome, String line) {
        outcomes.put(id, outcome);
        lines.put(id, line);
    }

    /** True if no server may still answer. */
    boolean isSettled() {
        return !outcomes.containsValue(Outcome.PENDING);
    }

    /** True if every ACTIVE server has the version. */
    public boolean isComplete() {
        return isSettled() && !outcomes.containsValue(Outcome.FAILED);
    }

    /** Server id to what became of it there. */
    public Map<String, String> lines() {
        return new LinkedHashMap<>(lines);
    }
}
