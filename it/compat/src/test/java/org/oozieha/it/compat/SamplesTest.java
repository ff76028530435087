package org.oozieha.it.compat;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.curator.test.TestingServer;
import org.junit.Test;

/** Each sample of the distribution is loaded into a server's services; only hosts and Kerberos are replaced by what a test has. */
public final class SamplesTest {
    @Test
    public void the_sample_for_the_apache_tarball_boots() throws Exception {
        assertBoots("apache", Sample.xml("apache/oozie-site.xml"));
    }

    @Test
    public void the_sample_for_cloudera_manager_boots() throws Exception {
        assertBoots("cloudera", Sample.xml("cloudera-manager/oozie-site-safety-valve.xml"));
    }

    @Test
    public void the_sample_for_ambari_boots() throws Exception {
        assertBoots("ambari", Sample.lines("ambari/custom-oozie-site.properties"));
    }

    @Test
    public void the_sample_for_fusioninsight_manager_boots() throws Exception {
        Map<String, String> sample = Sample.table("fusioninsight-mrs/customization.md");
        assertEquals(
                new HashSet<>(Arrays.asList(
                        "oozie.services.ext",
                        "oozie.service.EventHandlerService.event.listeners",
                        "oozie.zookeeper.connection.string",
                        "oozie.zookeeper.namespace",
                        "oozie.zookeeper.secure")),
                sample.keySet());
        assertBoots("fusioninsight", sample);
    }

    private static void assertBoots(String name, Map<String, String> sample) throws Exception {
        List<String> classes =
                Arrays.asList(sample.get("oozie.services.ext").trim().split("\\s*,\\s*"));
        assertTrue(classes + " names all services", classes.containsAll(PackServices.ALL));
        List<String> expected = new ArrayList<>();
        classes.forEach(type -> expected.add("service " + type));
        expected.add("destroyed");
        expected.add("left");
        try (TestingServer zookeeper = new TestingServer()) {
            List<String> reported = new OozieHome(name)
                    .setAll(sample)
                    .set("oozie.zookeeper.connection.string", zookeeper.getConnectString())
                    .set("oozie.zookeeper.secure", "false")
                    .set("oozie.ha.activation.http.check", "false")
                    .boot(ClassPath.stock().and(ClassPath.hcatalog()).and(ClassPath.pack()), classes);
            assertEquals(expected, reported);
        }
    }
}
