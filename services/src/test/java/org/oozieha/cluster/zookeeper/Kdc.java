package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.oozieha.testing.Eventually;
import org.oozieha.testing.FreePorts;

/**
 * A real KDC in this JVM that can go away and come back with the same principals. One for all tests of a JVM, since Java reads where the
 * KDC is from one system property.
 */
final class Kdc {
    static final String REALM = "OOZIE.TEST";
    /** Java's name for the loopback address, as it stands in principals. */
    static final String HOST = InetAddress.getLoopbackAddress().getCanonicalHostName();

    private static final String KRB5_CONF = "java.security.krb5.conf";
    static final int TICKET_SECONDS = 20;
    private static Kdc shared;

    private final Path dir;
    private final int port;
    private final Map<String, String> passwords = new TreeMap<>();
    private final File krb5Conf;
    private SimpleKdcServer server;

    private Kdc() throws IOException {
        dir = Files.createTempDirectory("kdc");
        port = FreePorts.one();
        krb5Conf = dir.resolve("krb5.conf").toFile();
        askAt(port);
    }

    /** Running, with tickets of 20 s. */
    static synchronized Kdc running() throws IOException, KrbException {
        if (shared == null) {
            shared = new Kdc();
        }
        if (shared.server == null) {
            shared.start();
        }
        System.setProperty(KRB5_CONF, shared.krb5Conf.getPath());
        return shared;
    }

    static String principal(String name) {
        return name + '/' + HOST + '@' + REALM;
    }

    /** From now on this JVM asks for tickets there. */
    void askAt(int kdcPort) throws IOException {
        Files.write(
                krb5Conf.toPath(),
                Arrays.asList(
                        "[libdefaults]",
                        "default_realm = " + REALM,
                        "udp_preference_limit = 1",
                        "kdc_timeout = 1000",
                        "max_retries = 1",
                        "[realms]",
                        REALM + " = {",
                        "kdc = localhost:" + kdcPort,
                        "}",
                        "[domain_realm]",
                        HOST + " = " + REALM,
                        "localhost = " + REALM),
                UTF_8);
    }

    int port() {
        return port;
    }

    void start() throws IOException, KrbException {
        start(TICKET_SECONDS);
    }

    void start(long ticketSeconds) throws IOException, KrbException {
        SimpleKdcServer next = new SimpleKdcServer();
        next.setWorkDir(Files.createTempDirectory(dir, "work").toFile());
        next.setKdcHost("localhost");
        next.setKdcRealm(REALM);
        next.setAllowUdp(false);
        next.setKdcTcpPort(port);
        next.getKdcConfig().setLong(KdcConfigKey.MAXIMUM_TICKET_LIFETIME, ticketSeconds);
        next.getKdcConfig().setLong(KdcConfigKey.MINIMUM_TICKET_LIFETIME, 1L);
        next.init();
        // a listening socket that was closed goes when its last thread has let go of it
        Eventually.until("the port of the KDC is free", () -> FreePorts.isFree(port));
        next.start();
        server = next;
        for (Map.Entry<String, String> known : passwords.entrySet()) {
            server.createPrincipal(known.getKey(), known.getValue());
        }
    }

    void stop() throws KrbException {
        server.stop();
        server = null;
    }

    /** Nobody is known any more by this name, though its keytab is still there. */
    void forget(String principal) throws KrbException {
        passwords.remove(principal);
        server.deletePrincipal(principal);
    }

    /** The keys of its keytab are not good any more. */
    void changePassword(String principal) throws KrbException {
        forget(principal);
        passwords.put(principal, "changed");
        server.createPrincipal(principal, "changed");
    }

    /** A keytab of this principal, which is made if it is not there. */
    String keytab(String principal) throws IOException, KrbException {
        File keytab = dir.resolve(principal.replaceAll("\\W", "_") + ".keytab").toFile();
        if (passwords.putIfAbsent(principal, "secret of " + principal) == null) {
            server.createPrincipal(principal, passwords.get(principal));
            server.exportPrincipal(principal, keytab);
        }
        return keytab.getPath();
    }

    /** For JVMs that log in on their own. */
    String jvmOption() {
        return "-D" + KRB5_CONF + "=" + krb5Conf;
    }
}
