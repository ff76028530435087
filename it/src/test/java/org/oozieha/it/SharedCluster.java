package org.oozieha.it;

import java.time.Duration;
import org.junit.rules.ExternalResource;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Workspace;

/**
 * The one cluster of all short tests: three servers, default session timeout and tick, and for the pack Oozie's own recovery at its
 * default intervals of minutes. Started by the first class that uses
 * it, ended by the last one of a suite. Each test leaves three live servers in the load balancer behind.
 *
 * <p>The system property {@code it.services} chooses PACK (default) or STOCK services.
 */
public final class SharedCluster extends ExternalResource {
    public static final SharedCluster INSTANCE = new SharedCluster();
    static final Duration SESSION = Duration.ofSeconds(10);
    static final Duration PEER_TOTAL = Duration.ofSeconds(6);
    static final Duration SHARELIB_UPDATE = Duration.ofSeconds(6);

    private int users;
    private Cluster cluster;

    private SharedCluster() {}

    @Override
    protected synchronized void before() {
        if (users++ == 0) {
            ClusterSettings settings = new ClusterSettings()
                    .servers(3, services())
                    .slas(services())
                    .session(SESSION)
                    .manyAtOnce()
                    .withLinks()
                    .property("oozie.ha.peer.connect.timeout.ms", 1000)
                    .property("oozie.ha.peer.read.timeout.ms", 3000)
                    .property("oozie.ha.peer.total.timeout.ms", PEER_TOTAL.toMillis())
                    .property("oozie.ha.sharelib.update.timeout.ms", SHARELIB_UPDATE.toMillis());
            cluster = Cluster.start(
                    Workspace.emptied("cluster"),
                    services() == HaServices.STOCK ? settings.quickRecovery() : settings,
                    line -> {});
        }
    }

    public static HaServices services() {
        return HaServices.valueOf(System.getProperty("it.services", "PACK"));
    }

    @Override
    protected synchronized void after() {
        if (--users == 0) {
            cluster.close();
            cluster = null;
        }
    }

    public synchronized Cluster cluster() {
        return cluster;
    }

    /** Starts what is down again and waits until all servers are in the load balancer. */
    public void makeWhole() {
        cluster().makeWhole();
    }
}
