package org.oozieha.it.compat;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.curator.test.TestingServer;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** bin/oozie-ha as an operator runs it: from the unpacked distribution, with an Oozie home or with nothing but slf4j. */
public final class LauncherTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String output;

    @Test
    public void it_runs_with_an_oozie_home() throws Exception {
        assertEquals(0, run("OOZIE_HOME=" + oozieHome(), "version"));
        assertTrue(output, output.contains("1.0.0"));
    }

    @Test
    public void it_runs_with_nothing_but_slf4j_beside_it() throws Exception {
        assertEquals(0, run("OOZIE_HA_CLASSPATH=" + slf4j(), "version"));
        assertTrue(output, output.contains("1.0.0"));
    }

    @Test
    public void it_asks_the_zookeeper_of_the_homes_configuration() throws Exception {
        try (TestingServer zookeeper = new TestingServer()) {
            assertEquals(1, run("OOZIE_HOME=" + oozieHome(zookeeper), "servers"));
            assertTrue(output, output.contains("no server is registered"));
        }
    }

    @Test
    public void the_commands_of_all_jars_of_the_distribution_are_there() throws Exception {
        try (TestingServer zookeeper = new TestingServer()) {
            assertEquals(1, run("OOZIE_HOME=" + oozieHome(zookeeper), "sharelib"));
            assertTrue(output, output.contains("no version is published"));
        }
    }

    @Test
    public void without_slf4j_it_says_what_to_set() throws Exception {
        assertEquals(2, run("OOZIE_HA_CLASSPATH=", "version"));
        assertTrue(output, output.contains("OOZIE_HOME"));
    }

    @Test
    public void a_wrong_java_home_is_named() throws Exception {
        assertEquals(2, run("JAVA_HOME=/nowhere", "version"));
        assertTrue(output, output.contains("JAVA_HOME is /nowhere"));
    }

    @Test
    public void a_link_to_it_works() throws Exception {
        Path link = folder.getRoot().toPath().resolve("oozie-ha");
        Files.createSymbolicLink(link, launcher());
        assertEquals(0, run(link, "OOZIE_HA_CLASSPATH=" + slf4j(), "version"));
    }

    private Path oozieHome() throws IOException {
        Path home = folder.newFolder("oozie").toPath();
        Files.createDirectories(home.resolve("conf"));
        Files.createSymbolicLink(
                home.resolve("lib"), ClassPath.stock().jars().get(0).getParent().toAbsolutePath());
        return home;
    }

    private Path oozieHome(TestingServer zookeeper) throws IOException {
        Path home = oozieHome();
        Files.write(
                home.resolve("conf").resolve("oozie-site.xml"),
                ("<configuration><property><name>oozie.zookeeper.connection.string</name><value>"
                                + zookeeper.getConnectString() + "</value></property></configuration>")
                        .getBytes(StandardCharsets.UTF_8));
        return home;
    }

    private static Path slf4j() throws IOException {
        for (Path jar : ClassPath.stock().jars()) {
            if (jar.getFileName().toString().startsWith("slf4j-api-")) {
                return jar;
            }
        }
        throw new IOException("no slf4j-api in the stock class path");
    }

    private static Path launcher() {
        return ClassPath.distribution().resolve("bin").resolve("oozie-ha");
    }

    private int run(String variable, String command) throws Exception {
        return run(launcher(), variable, command);
    }

    private int run(Path program, String variable, String command) throws Exception {
        List<String> line = new ArrayList<>(Arrays.asList("bash", program.toString(), command));
        File out = folder.newFile();
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("OOZIE"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        Process process = builder.start();
        try {
            long seconds = 60L * Integer.getInteger("it.timing.scale", 1);
            assertTrue("not ended after " + seconds + " s", process.waitFor(seconds, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        output = new String(Files.readAllBytes(out.toPath()), StandardCharsets.UTF_8);
        return process.exitValue();
    }
}
