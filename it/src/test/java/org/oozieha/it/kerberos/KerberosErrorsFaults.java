package org.oozieha.it.kerberos;

import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runners.MethodSorters;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.Http;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;
import org.oozieha.testing.SkewedKdc;

/** What a server says at start, and a job log later, when a principal, a key or a clock is not what the KDC has. */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public final class KerberosErrorsFaults {
    private static final Report REPORT = Report.of(KerberosErrorsFaults.class);
    private static final Duration START = Duration.ofSeconds(60);
    /** The service that logs in first where ZooKeeper wants a login, and the one that does it where it does not. */
    private static final String ZOOKEEPERS = "HaNode";

    private static final String HADOOPS = "HAHadoopAccessorService";

    private static KerberosCluster kerberos;
    private static Cluster cluster;
    private static String job;

    @Rule
    public final Report report = REPORT;

    @BeforeClass
    public static void start() throws Exception {
        kerberos = KerberosCluster.start("kerberos-errors");
        cluster = kerberos.cluster();
        job = kerberos.runJob("errors", cluster.balancer().url());
    }

    @AfterClass
    public static void stop() throws Exception {
        if (kerberos != null) {
            kerberos.close();
        }
    }

    @Test
    public void a_a_peer_without_a_principal_and_one_with_a_stale_key_are_named_with_the_remedy_at_the_top_of_the_log()
            throws Exception {
        kerberos.realm().delete("HTTP/" + Realm.host(2));
        kerberos.realm().changeKey("HTTP/" + Realm.host(3));
        awaitAtTop("oozie-2", "create HTTP/<host name in its URL>");
        awaitAtTop("oozie-3", "the present key of HTTP/" + Realm.host(3));
        assertTrue(cluster.server(1).isAlive());
    }

    @Test
    public void b_a_server_whose_clock_is_not_the_kdcs_does_not_start_and_says_what_to_do() throws Exception {
        SkewedKdc skewed = kerberos.realm().skew();
        try {
            assertDoesNotStart(3, ZOOKEEPERS, "synchronise them with NTP");
        } finally {
            skewed.close();
        }
    }

    @Test
    public void c_a_server_with_a_stale_key_does_not_start_and_says_what_to_do() throws Exception {
        kerberos.realm().changeKey("oozie/" + Realm.host(3));
        assertDoesNotStart(
                3,
                ZOOKEEPERS,
                "export the keytab again into the file in oozie.service.HadoopAccessorService.keytab.file");
    }

    @Test
    public void d_a_server_without_a_principal_does_not_start_and_says_what_to_do() throws Exception {
        kerberos.realm().delete("oozie/" + Realm.host(3));
        assertDoesNotStart(3, ZOOKEEPERS, "the KDC does not know this principal: create it");
    }

    @Test
    public void e_a_server_whose_login_is_refused_for_hadoop_and_not_for_zookeeper_does_not_start_and_says_what_to_do()
            throws Exception {
        reconfigure(3, "oozie.zookeeper.secure", "true", "false");
        // what the cluster has in ZooKeeper belongs to its login
        reconfigure(3, "oozie.zookeeper.namespace", "oozie", "open-to-all");
        SkewedKdc skewed = kerberos.realm().skew();
        try {
            assertDoesNotStart(3, HADOOPS, "synchronise them with NTP");
        } finally {
            skewed.close();
        }
    }

    private static void reconfigure(int number, String property, String before, String after) throws IOException {
        Path site = cluster.server(number).home().resolve("conf/oozie-site.xml");
        String name = "<name>" + property + "</name>";
        String text = new String(Files.readAllBytes(site), StandardCharsets.UTF_8);
        String changed = text.replace(name + "<value>" + before + "</value>", name + "<value>" + after + "</value>");
        assertNotEquals(property, text, changed);
        Files.write(site, changed.getBytes(StandardCharsets.UTF_8));
    }

    /** Tickets and cookies from before serve until their end. */
    private void awaitAtTop(String server, String remedy) {
        String said = Waiting.forValue(server + ": " + remedy, KerberosCluster.TICKET.multipliedBy(2), () -> {
            String cookie = kerberos.signedCookie("alice", Duration.ofMinutes(1));
            JobLog log = KerberosCluster.jobLogWith(cookie, cluster.server(1).url(), job);
            return log.lines().stream()
                    .limit(20)
                    .filter(line -> line.contains(server) && line.contains(remedy))
                    .findFirst()
                    .orElse(null);
        });
        report.figure("job log: " + said);
    }

    private void assertDoesNotStart(int number, String service, String remedy) {
        OozieServer server = cluster.server(number);
        server.stop();
        int linesBefore = server.logLines().size();
        server.start();
        try {
            String said = Waiting.forValue(server.id() + " says: " + remedy, START, () -> newLines(server, linesBefore)
                    .filter(line -> line.contains("E0100: Could not initialize service [" + service + "]")
                            && line.contains(remedy))
                    .findFirst()
                    .orElse(null));
            report.figure("start of " + server.id() + ": " + said);
            Waiting.until(
                    server.id() + " ended, or serves nothing",
                    START,
                    () -> !server.isAlive() || Http.status(server.healthUrl(), Duration.ofSeconds(5)) >= 400);
        } finally {
            server.kill();
        }
    }

    private static Stream<String> newLines(OozieServer server, int linesBefore) {
        return server.logLines().stream().skip(linesBefore);
    }
}
