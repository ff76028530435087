package org.oozieha.it.kerberos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.oozieha.it.harness.LinkProxy;
import org.oozieha.testing.FreePorts;
import org.oozieha.testing.SkewedKdc;

/**
 * A KDC on loopback behind a link, its principals and keytabs, and the names of hosts that tickets are for: all of them are this
 * machine. This JVM runs with {@code -Djdk.net.hosts.file}, as the build sets it.
 */
final class Realm implements AutoCloseable {
    static final String NAME = "IT.TEST";
    static final String BALANCER = "lb.test";
    static final String ZOOKEEPER = "zk.test";
    static final String ZOOKEEPER_PRINCIPAL = "zookeeper/" + ZOOKEEPER + "@" + NAME;

    private final Path dir;
    private final SimpleKdcServer kdc;
    private final int port;
    private final LinkProxy link;

    private Realm(Path dir, Duration ticketLife) throws KrbException {
        this.dir = dir;
        port = FreePorts.one();
        kdc = new SimpleKdcServer();
        kdc.setWorkDir(dir.toFile());
        kdc.setKdcRealm(NAME);
        kdc.setKdcHost("127.0.0.1");
        kdc.setKdcTcpPort(port);
        kdc.setAllowUdp(false);
        ticketLife(ticketLife);
        kdc.init();
        kdc.start();
        link = LinkProxy.to(port);
    }

    static Realm start(Path dir, Duration ticketLife) throws KrbException {
        if (System.getProperty("jdk.net.hosts.file") == null) {
            throw new IllegalStateException(
                    "run with -Djdk.net.hosts.file=it/target/hosts, a file with 127.0.0.1 localhost " + names());
        }
        Realm realm = new Realm(dir, ticketLife);
        realm.write(
                "krb5-of-link.conf",
                "[libdefaults]\n default_realm = " + NAME + "\n udp_preference_limit = 1\n[realms]\n " + NAME
                        + " = {\n  kdc = 127.0.0.1:" + realm.link.port() + "\n }\n");
        System.setProperty("java.security.krb5.conf", realm.krb5Conf());
        return realm;
    }

    /** How long tickets live that are asked for from now on. */
    void ticketLife(Duration life) {
        kdc.getKdcConfig().setLong(KdcConfigKey.MAXIMUM_TICKET_LIFETIME, life.getSeconds());
    }

    /** The name of a server's host. */
    static String host(int server) {
        return "oz" + server + ".test";
    }

    /** Creates the principals that do not exist yet. */
    void create(String... principals) throws KrbException {
        for (String principal : principals) {
            kdc.createPrincipal(principal, "password of " + principal);
        }
    }

    /** A new key for a principal: the keytabs that exist are stale from then on. */
    void changeKey(String principal) throws KrbException {
        kdc.deletePrincipal(principal);
        kdc.createPrincipal(principal, "another password of " + principal);
    }

    void delete(String principal) throws KrbException {
        kdc.deletePrincipal(principal);
    }

    /** A keytab with the present keys of these principals. */
    Path keytab(String name, String... principals) throws KrbException {
        Path keytab = dir.resolve(name + ".keytab");
        for (String principal : principals) {
            kdc.exportPrincipal(principal, keytab.toFile());
        }
        return keytab;
    }

    /** What the JVM of a server needs: the realm, its own host name, and what Hadoop 2.6 wants of Java 17. */
    List<String> javaOptions(int server) {
        Path hosts = write(
                "hosts-" + server, "127.0.0.1 " + host(server) + " " + machine() + " localhost " + names() + "\n");
        return Arrays.asList(
                "-Djava.security.krb5.conf=" + krb5Conf(),
                "-Djdk.net.hosts.file=" + hosts,
                // all hosts are one: which of its names a server of ZooKeeper bears cannot be asked for
                "-Dzookeeper.server.principal=" + ZOOKEEPER_PRINCIPAL,
                "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
                "--add-exports=java.security.jgss/sun.security.jgss=ALL-UNNAMED");
    }

    /** What the JVM of a ZooKeeper server needs to ask for logins. */
    List<String> zooKeeperJavaOptions() throws KrbException {
        create(ZOOKEEPER_PRINCIPAL);
        Path jaas = write(
                "zookeeper.jaas",
                "Server { com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true"
                        + " isInitiator=false principal=\"" + ZOOKEEPER_PRINCIPAL + "\" keyTab=\""
                        + keytab("zookeeper", ZOOKEEPER_PRINCIPAL) + "\"; };\n");
        return Arrays.asList("-Djava.security.krb5.conf=" + krb5Conf(), "-Djava.security.auth.login.config=" + jaas);
    }

    private static String names() {
        return BALANCER + " " + ZOOKEEPER + " " + host(1) + " " + host(2) + " " + host(3);
    }

    private static String machine() {
        try {
            return new String(Files.readAllBytes(Paths.get("/proc/sys/kernel/hostname")), StandardCharsets.US_ASCII)
                    .trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(String name, String text) {
        try {
            return Files.write(dir.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String krb5Conf() {
        return dir.resolve("krb5-of-link.conf").toString();
    }

    /** Between everybody and the KDC. */
    LinkProxy link() {
        return link;
    }

    /** Whoever asks from now on is told that the clocks differ. */
    SkewedKdc skew() throws IOException {
        SkewedKdc skewed = new SkewedKdc(NAME, () -> link.leadTo(port));
        link.leadTo(skewed.port());
        return skewed;
    }

    /** Does something as a principal, with a ticket of its own. */
    <T> T as(String principal, PrivilegedExceptionAction<T> action) throws Exception {
        Subject subject = new Subject();
        new LoginContext("client", subject, null, jaas(principal)).login();
        try {
            return Subject.doAs(subject, action);
        } catch (PrivilegedActionException e) {
            throw e.getException();
        }
    }

    /** Logs a principal in, whatever name of an entry is asked for. */
    Configuration jaas(String principal) throws KrbException {
        Path keytab = dir.resolve(principal.replace('/', '-') + ".own.keytab");
        if (!Files.exists(keytab)) {
            kdc.exportPrincipal(principal, keytab.toFile());
        }
        return new Jaas(principal, keytab);
    }

    @Override
    public void close() throws KrbException {
        link.close();
        kdc.stop();
    }

    private static final class Jaas extends Configuration {
        private final Map<String, String> options = new HashMap<>();

        Jaas(String principal, Path keytab) {
            options.put("principal", principal);
            options.put("useKeyTab", "true");
            options.put("keyTab", keytab.toString());
            options.put("doNotPrompt", "true");
        }

        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return new AppConfigurationEntry[] {
                new AppConfigurationEntry(
                        "com.sun.security.auth.module.Krb5LoginModule",
                        AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                        Collections.unmodifiableMap(options))
            };
        }
    }
}
