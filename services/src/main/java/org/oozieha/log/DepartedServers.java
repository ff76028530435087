package org.oozieha.log;

import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Member;
import org.oozieha.cluster.Members;

/**
 * The servers that have left while this one was up, and when; one that came back is forgotten, for its files are there again.
 *
 * <p>Holds the last 100. In memory: what left before this server's start is not known. Thread-safe.
 */
public final class DepartedServers implements ClusterListener {
    private static final int MOST = 100;

    private final LongSupplier clockMs;
    private final Map<String, Long> leftAtMs = new LinkedHashMap<>();

    /** @param clockMs wall clock, milliseconds since the epoch */
    public DepartedServers(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    @Override
    public synchronized void membersChanged(Members before, Members after) {
        Set<String> present = ids(after);
        Set<String> gone = ids(before);
        gone.removeAll(present);
        long now = clockMs.getAsLong();
        for (String server : gone) {
            leftAtMs.remove(server);
            leftAtMs.put(server, now);
        }
        leftAtMs.keySet().removeAll(present);
        Iterator<String> oldest = leftAtMs.keySet().iterator();
        while (leftAtMs.size() > MOST) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Those that left after {@code sinceMs} and may so have worked on a job that began then. */
    synchronized List<MissingPart> since(long sinceMs) {
        List<MissingPart> departed = new ArrayList<>();
        for (Map.Entry<String, Long> server : leftAtMs.entrySet()) {
            if (server.getValue() >= sinceMs) {
                String at = new SimpleDateFormat("yyyy-MM-dd HH:mm:ss,SSS").format(new Date(server.getValue()));
                departed.add(new MissingPart(server.getKey(), "left at " + at));
            }
        }
        return departed;
    }

    private static Set<String> ids(Members members) {
        Set<String> ids = new TreeSet<>(members.stockServers().keySet());
        for (Member member : members.all()) {
            ids.add(member.id());
        }
        return ids;
    }
}
