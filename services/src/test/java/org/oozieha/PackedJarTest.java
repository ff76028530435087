package org.oozieha;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.curator.test.TestingServer;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.Logger;

/** What an operator copies into Oozie's lib directory; runs after packaging. */
public final class PackedJarTest {
    private static final int JAVA_8 = 52;
    private static final long MAX_BYTES = 7_000_000;
    private static final String PASSWORD = "changeit";
    private static final String JAAS = "java.security.auth.login.config";
    private static final Pattern ALLOWED = Pattern.compile(
            "org/oozieha/.+|META-INF/(LICENSE|NOTICE|MANIFEST\\.MF|web-fragment\\.xml|services/org\\.oozieha\\..+)");
    private static final Pattern NOT_RELOCATED = Pattern.compile(
            "(^|.*[L(<;\\[])(org/apache/(zookeeper|curator|jute)|io/netty|picocli|com/google/common|com/fasterxml)/.*");

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static String[] stores;
    private static String[] serverProperties;
    private static TestingServer server;

    /** One server which takes plain and encrypted connections on one port; it reads its key stores once per JVM. */
    @BeforeClass
    public static void startZooKeeper() throws Exception {
        assumeTrue("runs after packaging, in the execution packed-jar", System.getProperty("packed.jar") != null);
        File keys = keyStore();
        stores = new String[] {
            "zookeeper.ssl.keyStore.location",
            keys.getPath(),
            "zookeeper.ssl.keyStore.password",
            PASSWORD,
            "zookeeper.ssl.trustStore.location",
            trustStore(keys).getPath(),
            "zookeeper.ssl.trustStore.password",
            PASSWORD,
        };
        String[] unified = {
            "zookeeper.serverCnxnFactory",
            "org.apache.zookeeper.server.NettyServerCnxnFactory",
            "zookeeper.client.portUnification",
            "true",
            "zookeeper.authProvider.sasl",
            "org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
            JAAS,
            loginFile().getPath(),
            "zookeeper.authProvider.x509",
            "org.apache.zookeeper.server.auth.X509AuthenticationProvider",
        };
        serverProperties = joined(unified, stores);
        for (int i = 0; i < serverProperties.length; i += 2) {
            System.setProperty(serverProperties[i], serverProperties[i + 1]);
        }
        server = new TestingServer();
    }

    @AfterClass
    public static void stopZooKeeper() throws IOException {
        if (server != null) {
            server.close();
        }
        for (int i = 0; serverProperties != null && i < serverProperties.length; i += 2) {
            System.clearProperty(serverProperties[i]);
        }
    }

    @Test
    public void nothing_lies_outside_the_packs_own_package() throws IOException {
        List<String> outside = new ArrayList<>();
        for (JarEntry entry : classesAndResources()) {
            if (!ALLOWED.matcher(entry.getName()).matches()) {
                outside.add(entry.getName());
            }
        }
        assertEquals(Collections.emptyList(), outside);
    }

    @Test
    public void licence_and_notice_are_in_it() throws IOException {
        try (JarFile jar = new JarFile(packedJar())) {
            assertTrue(jar.getEntry("META-INF/LICENSE") != null);
            assertTrue(jar.getEntry("META-INF/NOTICE") != null);
        }
    }

    @Test
    public void every_class_runs_on_java_8() throws IOException {
        List<String> newer = new ArrayList<>();
        try (JarFile jar = new JarFile(packedJar())) {
            for (JarEntry entry : classes()) {
                try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
                    in.readInt();
                    in.readUnsignedShort();
                    if (in.readUnsignedShort() > JAVA_8) {
                        newer.add(entry.getName());
                    }
                }
            }
        }
        assertEquals(Collections.emptyList(), newer);
    }

    @Test
    public void no_class_names_a_third_party_class_by_its_old_name() throws IOException {
        List<String> named = new ArrayList<>();
        try (JarFile jar = new JarFile(packedJar())) {
            for (JarEntry entry : classes()) {
                for (String constant : utf8Constants(jar, entry)) {
                    if (NOT_RELOCATED.matcher(constant).matches()) {
                        named.add(entry.getName() + " names " + constant);
                    }
                }
            }
        }
        assertEquals(Collections.emptyList(), named);
    }

    @Test
    public void it_stays_small() {
        assertTrue("bytes: " + packedJar().length(), packedJar().length() < MAX_BYTES);
    }

    @Test
    public void the_client_works_with_nothing_but_slf4j_beside_it() throws Exception {
        assertSession(noOptions(), "open");
    }

    @Test
    public void a_login_by_sasl_works() throws Exception {
        List<String> jaas = Arrays.asList("-Djava.security.auth.login.config=" + System.getProperty(JAAS));
        assertSession(jaas, "creator", "zookeeper.fips-mode", "false");
    }

    @Test
    public void the_netty_client_works_over_tls() throws Exception {
        String[] tls = {
            "zookeeper.clientCnxnSocket", "org.oozieha.shaded.zookeeper.ClientCnxnSocketNetty",
            "zookeeper.client.secure", "true",
        };
        assertSession(noOptions(), "creator", joined(tls, stores));
    }

    private static String[] joined(String[] first, String[] second) {
        return Stream.concat(Stream.of(first), Stream.of(second)).toArray(String[]::new);
    }

    private static List<String> noOptions() {
        return Collections.emptyList();
    }

    private static void assertSession(List<String> options, String owner, String... properties) throws Exception {
        List<String> command = new ArrayList<>(Collections.singletonList(java("java")));
        command.addAll(options);
        command.addAll(Arrays.asList("-cp", packedJar() + File.pathSeparator + jarOf(Logger.class)));
        command.addAll(Arrays.asList(source().toString(), server.getConnectString(), owner));
        command.addAll(Arrays.asList(properties));
        assertEquals(Arrays.asList("made", "deleted"), run(command));
    }

    private static File loginFile() throws IOException {
        File file = FOLDER.newFile("jaas.conf");
        Files.write(
                file.toPath(),
                Arrays.asList(
                        "Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_oozie=\"changeit\"; };",
                        "Client { org.oozieha.shaded.zookeeper.server.auth.DigestLoginModule required",
                        "  username=\"oozie\" password=\"changeit\"; };"),
                StandardCharsets.UTF_8);
        return file;
    }

    private static File keyStore() throws Exception {
        File keys = new File(FOLDER.getRoot(), "keys.p12");
        keytool(
                keys,
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        return keys;
    }

    private static File trustStore(File keys) throws Exception {
        File certificate = new File(FOLDER.getRoot(), "server.cer");
        File trust = new File(FOLDER.getRoot(), "trust.p12");
        keytool(keys, "-exportcert", "-file", certificate.getPath());
        keytool(trust, "-importcert", "-noprompt", "-file", certificate.getPath());
        return trust;
    }

    private static void keytool(File store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(Arrays.asList(
                java("keytool"), "-alias", "zookeeper", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"));
        command.add(store.getPath());
        command.addAll(Arrays.asList(arguments));
        run(command);
    }

    private static List<String> run(List<String> command) throws Exception {
        File out = FOLDER.newFile();
        File err = FOLDER.newFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        try {
            long seconds = 60L * Integer.getInteger("it.timing.scale", 1);
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            String errors = new String(Files.readAllBytes(err.toPath()), StandardCharsets.UTF_8);
            assertTrue("not ended after " + seconds + " s: " + errors, ended);
            assertEquals(errors, 0, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(out.toPath(), StandardCharsets.UTF_8);
    }

    private static String java(String tool) {
        return Paths.get(System.getProperty("java.home"), "bin", tool).toString();
    }

    private static Path source() throws URISyntaxException {
        return Paths.get(PackedJarTest.class
                .getResource("/packed/SessionThroughThePackedJar.java")
                .toURI());
    }

    private static File jarOf(Class<?> type) throws URISyntaxException {
        return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static File packedJar() {
        return new File(System.getProperty("packed.jar"));
    }

    private static List<JarEntry> classesAndResources() throws IOException {
        List<JarEntry> entries = new ArrayList<>();
        try (JarFile jar = new JarFile(packedJar())) {
            for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                if (!entry.isDirectory()) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    private static List<JarEntry> classes() throws IOException {
        List<JarEntry> classes = classesAndResources();
        classes.removeIf(entry -> !entry.getName().endsWith(".class"));
        assertTrue("a jar that carries a ZooKeeper client has more classes", classes.size() > 1000);
        return classes;
    }

    /** Class file format, JVMS 4.4: only the text constants are kept, the others are skipped by their length. */
    private static List<String> utf8Constants(JarFile jar, JarEntry entry) throws IOException {
        List<String> constants = new ArrayList<>();
        try (InputStream raw = jar.getInputStream(entry);
                DataInputStream in = new DataInputStream(raw)) {
            in.skipBytes(8);
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                if (tag == 1) {
                    constants.add(in.readUTF());
                } else if (tag == 5 || tag == 6) {
                    in.readLong();
                    i++;
                } else if (tag == 7 || tag == 8 || tag == 16) {
                    in.readUnsignedShort();
                } else if (tag == 15) {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                } else {
                    in.readInt();
                }
            }
        }
        return constants;
    }
}
