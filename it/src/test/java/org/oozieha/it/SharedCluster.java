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

    /** Of SLAs, instead of minutes. */
    static final Duration NEWS_LATENCY = Duration.ofSeconds(2);

    static final Duration SLA_CHECK = Duration.ofSeconds(2);

    private int users;
    private Cluster cluster;
    private Mailbox mailbox;

    private SharedCluster() {}

    @Override
    protected synchronized void before() {
        if (users++ == 0) {
            mailbox = new Mailbox();
            ClusterSettings settings = SlaJobs.followed(new ClusterSettings(), services(), mailbox)
                    .servers(3, services())
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
            mailbox.close();
        }
    }

    public synchronized Cluster cluster() {
        return cluster;
    }

    synchronized Mailbox mailbox() {
        return mailbox;
    }

    /** Starts what is down again and waits until all servers are in the load balancer. */
    public void makeWhole() {
        cluster().makeWhole();
    }
}
