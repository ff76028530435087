package org.oozieha.log;

import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;

/**
 * The servers that have left, and when, or by when; one that came back is forgotten, for its files are there again.
 *
 * <p>Holds the last {@value #MOST}, in memory. What left before this server was there to see it comes from {@link PastDepartures};
 * until then {@link #isComplete} is false. Thread-safe.
 */
public final class DepartedServers implements ClusterListener {
    private static final int MOST = 100;
    /** Of a stock server. */
    private static final long NO_NUMBER = -1;

    private final LongSupplier clockMs;
    private final Map<String, Departure> departures = new LinkedHashMap<>();
    private boolean complete;

    /** @param clockMs wall clock, milliseconds since the epoch */
    public DepartedServers(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    @Override
    public synchronized void membersChanged(Members before, Members after) {
        Set<String> present = ids(after);
        long now = clockMs.getAsLong();
        for (String server : ids(before)) {
            if (!present.contains(server)) {
                long number =
                        before.find(server).map(m -> m.incarnation().number()).orElse(NO_NUMBER);
                departures.put(server, new Departure(number, now, true));
            }
        }
        forget(present);
    }

    /**
     * Adds incarnations that this server did not see leave; what it saw itself stays, unless a later one of that server has come and
     * gone since.
     *
     * @param latestMs to the time by which it had left, milliseconds since the epoch
     * @param current the last listing of the members, asked for here: one of them has not left
     */
    synchronized void leftUnseen(Map<Incarnation, Long> latestMs, Supplier<Members> current) {
        latestMs.forEach((incarnation, atMs) -> {
            Departure known = departures.get(incarnation.serverId());
            if (known == null || !known.seen || incarnation.number() > known.number) {
                boolean same = known != null && known.number == incarnation.number();
                long leftMs = same ? Math.min(known.atMs, atMs) : atMs;
                departures.put(incarnation.serverId(), new Departure(incarnation.number(), leftMs, false));
            }
        });
        forget(ids(current.get()));
        complete = true;
    }

    private void forget(Set<String> present) {
        departures.keySet().removeAll(present);
        while (departures.size() > MOST) {
            departures.remove(departures.entrySet().stream()
                    .min(Comparator.comparingLong(departure -> departure.getValue().atMs))
                    .get()
                    .getKey());
        }
    }

    /** False while it is not known yet who left before this server was there to see it. */
    synchronized boolean isComplete() {
        return complete;
    }

    /** When this server saw it leave, milliseconds since the epoch. */
    synchronized OptionalLong seenLeaving(Incarnation incarnation) {
        Departure known = departures.get(incarnation.serverId());
        return known != null && known.seen && known.number == incarnation.number()
                ? OptionalLong.of(known.atMs)
                : OptionalLong.empty();
    }

    /** Those that left after {@code sinceMs}, or may have, and may so have worked on a job that began then. */
    synchronized List<MissingPart> since(long sinceMs) {
        List<MissingPart> departed = new ArrayList<>();
        departures.forEach((server, departure) -> {
            if (departure.atMs >= sinceMs) {
                departed.add(new MissingPart(server, departure.toString()));
            }
        });
        return departed;
    }

    static Set<String> ids(Members members) {
        Set<String> ids = new TreeSet<>(members.stockServers().keySet());
        for (Member member : members.all()) {
            ids.add(member.id());
        }
        return ids;
    }

    private static final class Departure {
        private final long number;
        private final long atMs;
        private final boolean seen;

        private Departure(long number, long atMs, boolean seen) {
            this.number = number;
            this.atMs = atMs;
            this.seen = seen;
        }

        @Override
        public String toString() {
            String at = new SimpleDateFormat("yyyy-MM-dd HH:mm:ss,SSS").format(new Date(atMs));
            return (seen ? "left at " : "had left by ") + at;
        }
    }
}
