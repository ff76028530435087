package org.oozieha.it.kerberos;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.Workspace;

/** Servers with https, certificates of a private CA, and Kerberos. */
public final class HttpsFaults {
    private static KerberosCluster kerberos;
    private static Cluster cluster;

    @BeforeClass
    public static void start() throws Exception {
        Certificates certificates =
                Certificates.in(Workspace.emptied("certificates").dir());
        System.setProperty("javax.net.ssl.trustStore", certificates.trustStore().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", Certificates.PASSWORD);
        kerberos = KerberosCluster.start("https", KerberosCluster.TICKET, settings -> secure(settings, certificates));
        cluster = kerberos.cluster();
    }

    private static void secure(ClusterSettings settings, Certificates certificates) {
        settings.withHttps()
                .property("oozie.https.truststore.file", certificates.trustStore())
                .property("oozie.https.truststore.pass", Certificates.PASSWORD)
                .property("oozie.https.keystore.pass", Certificates.PASSWORD);
        for (int server = 1; server <= 3; server++) {
            Path keys = certificates.keyStore(Realm.host(server));
            settings.property(server, "oozie.https.keystore.file", keys);
        }
    }

    @AfterClass
    public static void stop() throws Exception {
        if (kerberos != null) {
            kerberos.close();
        }
    }

    @Test
    public void job_logs_are_whole_over_https() throws Exception {
        String job = kerberos.runJob("https", cluster.server(1).url());
        for (OozieServer server : cluster.servers()) {
            assertTrue(server.url(), server.url().startsWith("https://oz"));
            List<String> marks = kerberos.mark(job);
            JobLog log = kerberos.jobLog(server.url(), job);
            for (String line : marks) {
                assertEquals(line, 1, Collections.frequency(log.lines(), line));
            }
        }
    }
}
