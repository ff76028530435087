package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.slf4j.Logger;

/** Kerberos over TLS out of the packed jar, with nothing but slf4j beside it; runs after packaging. */
public final class PackedSecurityTest {
    @Test
    public void a_server_out_of_the_packed_jar_logs_in_by_kerberos_over_tls() throws Exception {
        String jar = System.getProperty("packed.jar");
        assumeTrue("runs after packaging, in the execution packed-jar", jar != null);
        try (SecureZooKeeper zookeeper = SecureZooKeeper.start()) {
            Kdc kdc = Kdc.running();
            String principal = Kdc.principal("oozie");
            Path source = Paths.get(PackedSecurityTest.class
                    .getResource("/packed/SecureClusterThroughThePackedJar.java")
                    .toURI());
            File slf4j = new File(Logger.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path out = Files.createTempFile("packed", ".out");
            Path err = Files.createTempFile("packed", ".err");
            Process process = new ProcessBuilder(
                            Paths.get(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            kdc.jvmOption(),
                            "-cp",
                            jar + File.pathSeparator + slf4j,
                            source.toString(),
                            zookeeper.secureAddress(),
                            principal,
                            kdc.keytab(principal),
                            zookeeper.trustStore(),
                            zookeeper.clientKeys(),
                            KeyStores.PASSWORD)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                long seconds = 60 * Long.getLong("it.timing.scale", 1);
                boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
                String errors = new String(Files.readAllBytes(err), UTF_8);
                assertTrue("not ended after " + seconds + " s: " + errors, ended);
                List<String> said = Files.readAllLines(out, UTF_8);
                assertEquals(errors, Arrays.asList("lease true", "lock true", "sasl:oozie:cdrwa but for {}"), said);
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
