package org.oozieha.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.ServerState;
import org.oozieha.cluster.zookeeper.ServerListing;

/** What an operator should look at in a listing of the servers. */
final class ServerFindings {
    private final ServerListing listing;

    ServerFindings(ServerListing listing) {
        this.listing = listing;
    }

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        listing.damaged().forEach((id, reason) -> sentences.add("the entry of " + id + " is damaged: " + reason));
        if (listing.members().all().isEmpty()) {
            sentences.add("no server is registered");
            return sentences;
        }
        boolean active = listing.members().all().stream().anyMatch(m -> m.state() == ServerState.ACTIVE);
        if (!active) {
            sentences.add("no server is ACTIVE");
        }
        TreeSet<String> versions = listing.members().all().stream()
                .map(m -> m.identity().packVersion())
                .collect(Collectors.toCollection(TreeSet::new));
        if (versions.size() > 1) {
            sentences.add("the servers run several versions of the pack: " + versions);
        }
        Map<String, String> byUrl = new HashMap<>();
        for (Member member : listing.members().all()) {
            String other = byUrl.putIfAbsent(member.url(), member.id());
            if (other != null) {
                sentences.add(other + " and " + member.id() + " announce the same URL " + member.url()
                        + ": set oozie.ha.server.url on each to its own");
            }
        }
        return sentences;
    }
}
