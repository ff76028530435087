package org.oozieha.it.kerberos;

import static org.junit.Assert.assertTrue;

import java.time.Duration;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.Waiting;

/** What a job log says when a server's principal or key is not what the KDC has. */
public final class KerberosErrorsFaults {
    private static KerberosCluster kerberos;
    private static Cluster cluster;
    private static String job;

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
    public void the_reason_and_the_remedy_are_at_the_top_of_the_log() throws Exception {
        kerberos.realm().delete("HTTP/" + Realm.host(2));
        kerberos.realm().changeKey("HTTP/" + Realm.host(3));
        awaitAtTop("oozie-2", "create HTTP/<host name in its URL>");
        awaitAtTop("oozie-3", "the present key of HTTP/" + Realm.host(3));
    }

    /** Tickets and cookies from before serve until their end. */
    private void awaitAtTop(String server, String remedy) {
        Waiting.until(server + ": " + remedy, KerberosCluster.TICKET.multipliedBy(2), () -> {
            String cookie = kerberos.signedCookie("alice", Duration.ofMinutes(1));
            JobLog log = KerberosCluster.jobLogWith(cookie, cluster.server(1).url(), job);
            String top = String.join(
                    "\n", log.lines().subList(0, Math.min(20, log.lines().size())));
            boolean said = top.contains(server) && top.contains(remedy);
            if (said) {
                System.out.println(top.substring(0, Math.min(top.length(), 1200)));
            }
            return said;
        });
        assertTrue(cluster.server(1).isAlive());
    }
}
