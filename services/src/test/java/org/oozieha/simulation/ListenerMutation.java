package org.oozieha.simulation;

import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Members;

/** Passes everything on; a mutation overrides what it loses. */
class ListenerMutation implements ClusterListener {
    final ClusterListener right;

    ListenerMutation(ClusterListener right) {
        this.right = right;
    }

    @Override
    public void membersChanged(Members before, Members after) {
        right.membersChanged(before, after);
    }

    @Override
    public void leaseValid(Incarnation incarnation) {
        right.leaseValid(incarnation);
    }

    @Override
    public void leaseLapsed(Incarnation incarnation) {
        right.leaseLapsed(incarnation);
    }

    @Override
    public void incarnationEnded(Incarnation incarnation) {
        right.incarnationEnded(incarnation);
    }
}
