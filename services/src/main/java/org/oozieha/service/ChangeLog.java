package org.oozieha.service;

import org.oozieha.cluster.ClusterListener;
import org.oozieha.cluster.Incarnation;
import org.oozieha.cluster.Members;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line per change of the members and of the lease, where operators look: in Oozie's own log. */
final class ChangeLog implements ClusterListener {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");

    @Override
    public void membersChanged(Members before, Members after) {
        after.departedSince(before).forEach(gone -> LOG.info("Server departed: incarnation={}", gone));
        LOG.info("Members: {}", after);
    }

    @Override
    public void leaseValid(Incarnation incarnation) {
        LOG.info("Lease valid: incarnation={}", incarnation);
    }

    @Override
    public void incarnationEnded(Incarnation incarnation) {
        LOG.warn("Incarnation ended, its locks and leadership are gone: incarnation={}", incarnation);
    }
}
