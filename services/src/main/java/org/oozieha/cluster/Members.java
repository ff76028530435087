package org.oozieha.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The registered servers at one moment, as one listing of the coordination service gave them. Immutable.
 *
 * <p>Servers that run stock HA services are known by id and URL only: they have no incarnation and no state.
 */
public final class Members {
    private static final Members NOBODY = of(Collections.emptyList(), Collections.emptyMap());

    private final SortedMap<String, Member> byId;
    private final SortedMap<String, String> stockServers;

    private Members(SortedMap<String, Member> byId, SortedMap<String, String> stockServers) {
        this.byId = Collections.unmodifiableSortedMap(byId);
        this.stockServers = Collections.unmodifiableSortedMap(stockServers);
    }

    /** @param stockServers server id to URL of servers that run the stock HA services */
    public static Members of(Collection<Member> members, Map<String, String> stockServers) {
        SortedMap<String, Member> byId = new TreeMap<>();
        for (Member member : members) {
            byId.put(member.id(), member);
        }
        SortedMap<String, String> stock = new TreeMap<>(stockServers);
        stock.keySet().removeAll(byId.keySet());
        return new Members(byId, stock);
    }

    public static Members nobody() {
        return NOBODY;
    }

    /** All registered servers with the pack, by id. */
    public Collection<Member> all() {
        return byId.values();
    }

    public Optional<Member> find(String serverId) {
        return Optional.ofNullable(byId.get(serverId));
    }

    /** True if this very incarnation is registered. */
    public boolean contains(Incarnation incarnation) {
        return find(incarnation.serverId())
                .map(m -> m.incarnation().equals(incarnation))
                .orElse(false);
    }

    /** Ids, sorted, of the servers that share the work: the ACTIVE ones, or the JOINING ones while none is ACTIVE. */
    public List<String> owners() {
        List<String> active = idsIn(ServerState.ACTIVE);
        return active.isEmpty() ? idsIn(ServerState.JOINING) : active;
    }

    /** Id to URL of the servers that run stock HA services, by id. */
    public SortedMap<String, String> stockServers() {
        return stockServers;
    }

    public boolean stockPresent() {
        return !stockServers.isEmpty();
    }

    /**
     * The incarnations of {@code earlier} that have gone for good: not registered any more, or superseded by a later life of the
     * same server, also when that one left and came back between two listings.
     */
    public Set<Incarnation> departedSince(Members earlier) {
        Set<Incarnation> departed = new TreeSet<>((a, b) -> a.serverId().compareTo(b.serverId()));
        for (Member member : earlier.all()) {
            if (!contains(member.incarnation())) {
                departed.add(member.incarnation());
            }
        }
        return Collections.unmodifiableSet(departed);
    }

    private List<String> idsIn(ServerState state) {
        List<String> ids = new ArrayList<>();
        for (Member member : byId.values()) {
            if (member.state() == state) {
                ids.add(member.id());
            }
        }
        return Collections.unmodifiableList(ids);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Members
                && ((Members) o).byId.equals(byId)
                && ((Members) o).stockServers.equals(stockServers);
    }

    @Override
    public int hashCode() {
        return byId.hashCode() * 31 + stockServers.hashCode();
    }

    @Override
    public String toString() {
        return byId.values() + (stockPresent() ? " stock=" + stockServers.keySet() : "");
    }
}
