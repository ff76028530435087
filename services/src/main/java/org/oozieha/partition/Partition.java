package org.oozieha.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.oozieha.cluster.Lease;
import org.oozieha.cluster.Members;

/**
 * This server's share of the jobs.
 *
 * <p>Guarantee: in one view of the members every id, whatever its shape, has exactly one owner; all actions of a job have the owner
 * of the job; a join or a leave moves about one Nth of the jobs. On failure: while this server's lease has lapsed it owns nothing.
 * Two servers whose views differ for a moment may both own a job, or neither: locks keep that harmless, and what nobody owned is
 * found again after the views agree. Thread-safe; never blocks.
 */
public final class Partition {
    private final Supplier<Members> members;
    private final Lease lease;
    private final String serverId;

    /** @param serverId this server's own id */
    public Partition(Supplier<Members> members, Lease lease, String serverId) {
        this.members = members;
        this.lease = lease;
        this.serverId = serverId;
    }

    /** @param id of a job or of an action of one, e.g. {@code <job>@<action>} */
    public boolean owns(String id) {
        return lease.isValid() && isMine(id, members.get().owners());
    }

    /** Those of {@code ids} that this server owns, in their order, by one view of the members. */
    public List<String> owned(List<String> ids) {
        List<String> mine = new ArrayList<>();
        if (lease.isValid()) {
            List<String> owners = members.get().owners();
            for (String id : ids) {
                if (isMine(id, owners)) {
                    mine.add(id);
                }
            }
        }
        return mine;
    }

    /** Id of the server that owns {@code id} by this server's view; empty while nobody is ready to. */
    public Optional<String> ownerOf(String id) {
        return Rendezvous.owner(jobOf(id), members.get().owners());
    }

    private boolean isMine(String id, List<String> owners) {
        return owners.contains(serverId)
                && Rendezvous.owner(jobOf(id), owners).filter(serverId::equals).isPresent();
    }

    /** The part of an id before the first {@code @}; the whole id if there is none. */
    static String jobOf(String id) {
        int at = id.indexOf('@');
        return at < 0 ? id : id.substring(0, at);
    }
}
