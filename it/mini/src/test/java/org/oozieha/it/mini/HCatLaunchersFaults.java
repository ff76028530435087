package org.oozieha.it.mini;

import java.io.File;
import java.net.URI;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.Credentials;
import org.apache.oozie.action.hadoop.CredentialsProperties;
import org.apache.oozie.action.hadoop.HCatLauncherURIHandler;
import org.apache.oozie.service.HadoopAccessorService;
import org.apache.oozie.service.Services;
import org.oozieha.hcat.HAHCatCredentials;

/** What launchers resolve by themselves, and what they are given, while one of two metastores is dead. Not part of {@code mvn verify}. */
public final class HCatLaunchersFaults extends HCatTwoMetastoresTestCase {
    private static final String PREPARE = "oozie.action.prepare.xml";
    private static final Pattern PATH = Pattern.compile("path=\"([^\"]+)\"");

    public void test_a_launchers_prepare_deletes_on_a_live_metastore() throws Exception {
        bootWith(
                Arrays.asList("org.oozieha.service.HAHadoopAccessorService", "org.oozieha.hcat.HAHCatAccessorService"),
                PACK_HANDLER,
                CLUSTERS,
                both(),
                "oozie.service.HadoopAccessorService.supported.filesystems",
                "*");
        for (int i = 0; i < 2; i++) {
            HiveProcess dead = chosen();
            other(dead).createTable("prepared");
            dead.kill();
            URI uri = toldToLauncher("hcat://dw/default/prepared");
            assertEquals(other(dead).endpoint(), uri.getAuthority());
            assertTrue(exists("hcat://dw/default/prepared"));
            assertTrue(new HCatLauncherURIHandler().delete(uri, conf()));
            assertFalse(exists("hcat://dw/default/prepared"));
            dead.launch().awaitReady();
        }
    }

    /** By the file that Oozie's launcher reads. */
    private URI toldToLauncher(String uri) throws Exception {
        Configuration launcher = new Configuration(false);
        launcher.set(PREPARE, "<prepare><delete path=\"" + uri + "\"/></prepare>");
        File dir = new File(getTestCaseDir());
        Services.get()
                .get(HadoopAccessorService.class)
                .createLocalResourceForConfigurationFile(
                        "launcher.xml", getTestUser(), launcher, new URI("file:///"), new Path(dir.toURI()));
        Configuration read = new Configuration(false);
        read.addResource(new Path(new File(dir, "launcher.xml").toURI()));
        Matcher path = PATH.matcher(read.get(PREPARE));
        assertTrue(read.get(PREPARE), path.find());
        return new URI(path.group(1));
    }

    /** The servers of this test know no Kerberos, and the client of credentials nothing else: one does not answer, one is not understood. */
    public void test_credentials_are_asked_of_each_metastore_until_one_gives_them() throws Exception {
        bootPack(CLUSTERS, both());
        HiveProcess dead = chosen();
        dead.kill();
        CredentialsProperties properties = new CredentialsProperties("hcat", "hcat");
        properties.getProperties().put("hcat.metastore.uri", "thrift://dw");
        properties.getProperties().put("hcat.metastore.principal", "hive/_HOST@EXAMPLE.COM");
        try {
            new HAHCatCredentials().updateCredentials(new Credentials(), conf(), properties, null);
            fail("given");
        } catch (Exception e) {
            assertTrue(e.toString(), e.getMessage().contains(dead.endpoint()));
            assertTrue(e.toString(), e.getMessage().contains(other(dead).endpoint()));
        }
    }
}
