package org.oozieha.it.kerberos;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.PackCommand;
import org.oozieha.it.harness.ShareLibs;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workload;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperView;
import org.oozieha.testing.FreePorts;

/** Real servers on a ZooKeeper that speaks TLS 1.2 only: with Kerberos, and with certificates alone. */
public final class SecureZooKeeperFaults {
    private static final Report REPORT = Report.of(SecureZooKeeperFaults.class);

    @Rule
    public final Report report = REPORT;

    @Test
    public void with_kerberos_and_tls_servers_work_over_three_ticket_lives_and_strangers_are_refused_every_znode()
            throws Exception {
        Certificates certificates =
                Certificates.in(Workspace.emptied("zookeeper-certificates").dir());
        try (KerberosCluster kerberos =
                KerberosCluster.start("zookeeper-sasl-tls", KerberosCluster.TICKET, settings -> {
                    // for the znodes of launcher jars
                    tls(settings.shippingLauncherJars(), certificates);
                })) {
            Cluster cluster = kerberos.cluster();
            kerberos.everythingIsReached("first");
            assertAclsAre(cluster, "sasl:oozie:cdrwa");
            Waiting.letPass(KerberosCluster.TICKET.multipliedBy(3));
            kerberos.everythingIsReached("after-three-lives");
            cluster.server(3).kill();
            try (ZooKeeperView view = cluster.zooKeeperView()) {
                Waiting.until("a takeover is on record", Duration.ofSeconds(60), () -> view.exists("/ha/takeovers"));
            }
            cluster.makeWhole();
            Strangers strangers = Strangers.visit(cluster, kerberos.realm(), KerberosCluster.TICKET);
            REPORT.keep(strangers.lines());
            report.figure("attempts at znodes: " + 6 * strangers.lines().size() + " by " + KerberosCluster.STRANGER
                    + " and an anonymous client, allowed: "
                    + strangers.allowed().size() + "; kinds of znodes: "
                    + strangers.kinds());
            assertEquals(Collections.emptyList(), strangers.allowed());
            assertTrue(
                    strangers.kinds().toString(),
                    strangers
                            .kinds()
                            .containsAll(Arrays.asList(
                                    "",
                                    "/job_id_sequence",
                                    "/ha/format",
                                    "/ha/idstart",
                                    "/ha/secrets",
                                    "/ha/takeovers",
                                    "/ha/servers/oozie-1",
                                    "/ha/heartbeats/oozie-2",
                                    "/ha/incarnations/oozie-3",
                                    "/ha/sharelib/current",
                                    "/ha/sharelib/loaded/oozie-1",
                                    "/ha/launchers",
                                    "/ha/departed/oozie-3")));
        }
    }

    @Test
    public void with_tls_alone_servers_work_and_know_each_other() throws Exception {
        Certificates certificates = Certificates.in(
                Workspace.emptied("zookeeper-certificates-alone").dir());
        Workspace workspace = Workspace.emptied("zookeeper-tls");
        new ShareLibs(workspace).upload(Duration.ofMinutes(5));
        List<String> names =
                Collections.singletonList("-Djdk.net.hosts.file=" + System.getProperty("jdk.net.hosts.file"));
        ClusterSettings settings =
                new ClusterSettings().servers(2, HaServices.PACK).javaOptions(server -> names);
        tls(settings, certificates);
        try (Cluster cluster = Cluster.start(workspace, settings, line -> {})) {
            Workload workload = new Workload(cluster);
            workload.workflow("over-tls", Duration.ofMillis(10));
            workload.awaitSuccess(Duration.ofSeconds(60));
            try (ZooKeeperView view = cluster.zooKeeperView()) {
                assertEquals(Arrays.asList("oozie-1", "oozie-2"), view.servers());
            }
            assertAclsAre(cluster, "world:anyone:cdrwa");
        }
    }

    /** The servers use a port that takes nothing but TLS 1.2 and wants a certificate of theirs. */
    private static void tls(ClusterSettings settings, Certificates certificates) {
        int port = FreePorts.one();
        Path trusted = certificates.trustStore();
        settings.zooKeeperConfig(
                        "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
                        "secureClientPort=" + port,
                        "secureClientPortAddress=127.0.0.1",
                        "ssl.protocol=TLSv1.2",
                        "ssl.enabledProtocols=TLSv1.2",
                        "ssl.keyStore.location=" + certificates.keyStore(Realm.ZOOKEEPER),
                        "ssl.keyStore.password=" + Certificates.PASSWORD,
                        "ssl.trustStore.location=" + trusted,
                        "ssl.trustStore.password=" + Certificates.PASSWORD,
                        "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider")
                .property("oozie.zookeeper.connection.string", Realm.ZOOKEEPER + ":" + port)
                .property("oozie.ha.zookeeper.ssl.enabled", true)
                .property("oozie.ha.zookeeper.ssl.truststore.file", trusted)
                .property("oozie.ha.zookeeper.ssl.truststore.password", Certificates.PASSWORD)
                .property("oozie.ha.zookeeper.ssl.keystore.file", certificates.keyStore("servers"))
                .property("oozie.ha.zookeeper.ssl.keystore.password", Certificates.PASSWORD);
    }

    /** By the pack's own command, with a server's configuration: over the same TLS and, where there is one, the same login. */
    private void assertAclsAre(Cluster cluster, String wanted) {
        OozieServer server = cluster.server(1);
        PackCommand check = PackCommand.run(cluster, server, "acl", "--check");
        report.figure("oozie-ha acl --check: " + check.output().replaceAll("\\s+", " "));
        assertEquals(check.output(), 0, check.exit());
        assertTrue(check.output(), check.output().contains(wanted));
    }
}
