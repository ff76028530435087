package org.oozieha.it.kerberos;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.Http;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Waiting;

/** A KDC that is down or hangs for longer than a ticket and a cookie live. */
public final class KerberosOutageFaults {
    private static final Duration SLACK = Duration.ofSeconds(2);
    private static final Duration RECOVERY = Duration.ofSeconds(15);

    private static final Report REPORT = Report.of(KerberosOutageFaults.class);

    private static KerberosCluster kerberos;
    private static Cluster cluster;

    @Rule
    public final Report report = REPORT;

    private String job;

    @BeforeClass
    public static void start() throws Exception {
        kerberos = KerberosCluster.start("kerberos-outage");
        cluster = kerberos.cluster();
    }

    @AfterClass
    public static void stop() throws Exception {
        if (kerberos != null) {
            kerberos.close();
        }
    }

    @Before
    public void a_job_has_run() throws Exception {
        job = kerberos.runJob("outage", cluster.balancer().url());
        for (OozieServer server : cluster.servers()) {
            // it has its peers' cookies from now on
            kerberos.jobLog(server.url(), job);
        }
    }

    @After
    public void the_kdc_is_back() {
        kerberos.realm().link().heal();
    }

    @Test
    public void with_a_kdc_down_a_job_log_keeps_its_deadline_and_is_whole_again_when_the_kdc_is_back()
            throws Exception {
        kerberos.realm().link().cut();
        aLifeGoesBy("down");
    }

    @Test
    public void with_a_hung_kdc_a_job_log_keeps_its_deadline_and_is_whole_again_when_the_kdc_is_back()
            throws Exception {
        kerberos.realm().link().blackHole();
        aLifeGoesBy("hung");
    }

    private void aLifeGoesBy(String what) throws Exception {
        List<String> incarnations = incarnations();
        long end = System.nanoTime()
                + KerberosCluster.TICKET
                        .plus(KerberosCluster.COOKIE)
                        .plusSeconds(5)
                        .toNanos();
        Duration longest = Duration.ZERO;
        int asked = 0;
        int whole = 0;
        while (System.nanoTime() < end) {
            for (OozieServer server : cluster.servers()) {
                List<String> marks = kerberos.mark(job);
                String cookie = kerberos.signedCookie("alice", Duration.ofMinutes(1));
                long before = System.nanoTime();
                JobLog log = KerberosCluster.jobLogWith(cookie, server.url(), job);
                Duration took = Duration.ofNanos(System.nanoTime() - before);
                longest = took.compareTo(longest) > 0 ? took : longest;
                asked++;
                if (log.lines().containsAll(marks)) {
                    whole++;
                } else {
                    assertTrue(
                            "says nothing of what is missing: " + log.lines(),
                            log.lines().stream().anyMatch(line -> line.contains("log information may be incomplete")));
                }
            }
            Waiting.letPass(Duration.ofMillis(250));
        }
        report.figure(
                "KDC " + what + ": job logs asked=" + asked + " whole=" + whole + " longest_ms=" + longest.toMillis());
        Duration bound = Waiting.scaled(KerberosCluster.PEER_TOTAL.plus(SLACK));
        assertTrue("took " + longest, longest.compareTo(bound) <= 0);
        assertTrue("some could not be whole: cookies had ended", whole < asked);
        kerberos.realm().link().heal();
        long healed = System.nanoTime();
        // a login under way hangs until Java gives the KDC up
        Duration recovery = what.equals("hung") ? RECOVERY.plusSeconds(90) : RECOVERY;
        for (OozieServer server : cluster.servers()) {
            Waiting.until("whole at " + server.id(), recovery, () -> {
                List<String> marks = kerberos.mark(job);
                String cookie = kerberos.signedCookie("alice", Duration.ofMinutes(1));
                return KerberosCluster.jobLogWith(cookie, server.url(), job)
                        .lines()
                        .containsAll(marks);
            });
        }
        report.figure("KDC back after it was " + what + ": whole again after_ms="
                + Duration.ofNanos(System.nanoTime() - healed).toMillis());
        kerberos.everythingIsReached("after-" + what);
        for (OozieServer server : cluster.servers()) {
            String answer = kerberos.updateShareLib(server);
            assertTrue(answer, answer.contains("Successful"));
            for (OozieServer each : cluster.servers()) {
                assertTrue(answer, answer.contains(each.id() + ": loaded"));
            }
            report.figure("sharelibupdate at " + server.id() + ": " + answer);
        }
        assertEquals("no session to ZooKeeper ended", incarnations, incarnations());
    }

    /** Each server's state and incarnation, which is another after its session ended. */
    private static List<String> incarnations() {
        return cluster.servers().stream()
                .map(server -> Http.get(server.healthUrl(), Duration.ofSeconds(10)))
                .collect(Collectors.toList());
    }
}
