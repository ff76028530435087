package org.oozieha.lock;

import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Members;
import org.oozieha.cluster.ServerState;

/** Lets no lock linger while this server is announced as {@link ServerState#DRAINING}. */
final class DrainListener implements ClusterListener {
    private final LockTable table;
    private final String serverId;
    private boolean draining;

    DrainListener(LockTable table, String serverId) {
        this.table = table;
        this.serverId = serverId;
    }

    @Override
    public void membersChanged(Members before, Members after) {
        boolean drainingNow = after.find(serverId)
                .map(self -> self.state() == ServerState.DRAINING)
                .orElse(draining);
        if (drainingNow != draining) {
            draining = drainingNow;
            if (draining) {
                table.dropLingering();
            } else {
                table.resumeLingering();
            }
        }
    }
}
