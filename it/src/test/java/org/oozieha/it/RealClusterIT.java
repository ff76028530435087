package org.oozieha.it;

import org.junit.ClassRule;
import org.junit.runner.RunWith;
import org.junit.runners.Suite;
import org.oozieha.it.faults.ShortFaults;

/** All short tests on one real cluster; the one that kills a server comes last. */
@RunWith(Suite.class)
@Suite.SuiteClasses({
    ServersSeenByClients.class,
    JobLogsOfACluster.class,
    HungPeer.class,
    ShareLibUpdated.class,
    ZooKeeperAway.class,
    ServerStopped.class,
    ShortFaults.class,
    SlaOfLostServers.class,
    ServerKilled.class
})
public final class RealClusterIT {
    @ClassRule
    public static final SharedCluster CLUSTER = SharedCluster.INSTANCE;
}
