package org.oozieha.it.kerberos;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runners.MethodSorters;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.it.harness.Workspace;

/** Servers with https, certificates of a private CA, and Kerberos; then two of them with certificates that are not to be believed. */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public final class HttpsFaults {
    private static final Report REPORT = Report.of(HttpsFaults.class);
    private static final Duration PROBE = Duration.ofSeconds(5);

    private static final Path[] GOOD_KEYS = new Path[4];
    private static Certificates certificates;
    private static KerberosCluster kerberos;
    private static Cluster cluster;
    private static String job;

    @Rule
    public final Report report = REPORT;

    @BeforeClass
    public static void start() throws Exception {
        certificates = Certificates.in(Workspace.emptied("certificates").dir());
        System.setProperty("javax.net.ssl.trustStore", certificates.trustStore().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", Certificates.PASSWORD);
        kerberos = KerberosCluster.start("https", KerberosCluster.TICKET, HttpsFaults::secure);
        cluster = kerberos.cluster();
        job = kerberos.runJob("https", cluster.server(1).url());
    }

    private static void secure(ClusterSettings settings) {
        settings.withHttps()
                .property("oozie.ha.server.probe.timeout.ms", PROBE.toMillis())
                .property("oozie.https.truststore.file", certificates.trustStore())
                .property("oozie.https.truststore.pass", Certificates.PASSWORD)
                .property("oozie.https.keystore.pass", Certificates.PASSWORD);
        try {
            for (int server = 1; server <= 3; server++) {
                GOOD_KEYS[server] = certificates.keyStore(Realm.host(server));
                settings.property(
                        server, "oozie.https.keystore.file", certificates.use(GOOD_KEYS[server], Realm.host(server)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterClass
    public static void stop() throws Exception {
        if (kerberos != null) {
            kerberos.close();
        }
    }

    @Test
    public void a_clients_and_servers_reach_each_server_by_https_also_through_the_balancer() throws Exception {
        cluster.servers()
                .forEach(server -> assertTrue(server.url(), server.url().startsWith("https://oz")));
        kerberos.everythingIsReached("over-https");
    }

    @Test
    public void b_a_certificate_of_another_host_or_of_an_unknown_authority_is_refused_with_its_remedy()
            throws Exception {
        restartWith(certificates.keyStoreOfAnotherHost(), 2);
        restartWith(certificates.untrustedKeyStore(Realm.host(3)), 3);
        assertRefused(2, "certificate is for another host name: set oozie.ha.server.url");
        assertRefused(3, "signed by nobody this server trusts: add its CA to oozie.https.truststore.file");
    }

    @Test
    public void c_an_expired_certificate_is_refused_with_its_remedy_and_a_renewed_one_is_believed() throws Exception {
        restartWith(certificates.expiredKeyStore(Realm.host(2)), 2);
        assertRefused(2, "not valid today: renew the one in its oozie.https.keystore.file");
        restartWith(GOOD_KEYS[2], 2);
        Waiting.until("oozie-2 is asked again", Duration.ofSeconds(30), () -> {
            List<String> marks = kerberos.mark(job);
            return kerberos.jobLog(cluster.server(1).url(), job).lines().contains(marks.get(1));
        });
    }

    /** The server is waited for by a client that believes anything. */
    private static void restartWith(Path keyStore, int server) throws Exception {
        certificates.use(keyStore, Realm.host(server));
        Credulity ofThisClient = Credulity.begin();
        try {
            cluster.restart(server);
        } finally {
            ofThisClient.close();
        }
    }

    private void assertRefused(int server, String remedy) throws Exception {
        OozieServer refused = cluster.server(server);
        List<String> marks = kerberos.mark(job);
        JobLog log = kerberos.jobLog(cluster.server(1).url(), job);
        assertTrue(log.lines().contains(marks.get(0)));
        assertTrue(refused.id() + " was asked", !log.lines().contains(marks.get(server - 1)));
        String said = log.lines().stream()
                .filter(line -> line.contains(refused.id()) && line.contains(remedy))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        log.lines().subList(0, Math.min(20, log.lines().size()))));
        report.figure("job log of oozie-1: " + said);
        String own = refused.logLines().stream()
                .filter(line -> line.contains("advertised URL did not answer") && line.contains(remedy))
                .findFirst()
                .orElseThrow(() -> new AssertionError(refused.id() + " does not say so itself; see " + refused.logs()));
        report.figure("its own log: " + own);
    }
}
