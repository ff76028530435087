package org.oozieha.http;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.oozieha.cluster.zookeeper.Link;
import org.oozieha.testing.FreePorts;

/** A KDC on loopback that can hang and be down; the JVM's Kerberos configuration names it. */
final class TestKdc implements AutoCloseable {
    static final String REALM = "TEST.REALM";

    private final Path dir;
    private final int port;
    private final SimpleKdcServer server;
    private Link link;
    private Socket reserved;
    private volatile int target;

    private TestKdc(Path dir, long ticketSeconds) throws IOException, KrbException {
        this.dir = dir;
        port = FreePorts.one();
        server = new SimpleKdcServer();
        server.setWorkDir(dir.toFile());
        server.setKdcRealm(REALM);
        server.setKdcHost("127.0.0.1");
        server.setKdcTcpPort(port);
        server.setAllowUdp(false);
        server.getKdcConfig().setLong(KdcConfigKey.MAXIMUM_TICKET_LIFETIME, ticketSeconds);
        server.init();
        server.start();
        target = port;
        link = new Link(() -> target);
    }

    /** Its realm is the default one from now on, until the JVM ends. */
    static TestKdc start(Path dir, long ticketSeconds) throws IOException, KrbException {
        TestKdc kdc = new TestKdc(dir, ticketSeconds);
        String conf = "[libdefaults]\n default_realm = " + REALM + "\n udp_preference_limit = 1\n" + "[realms]\n "
                + REALM + " = {\n  kdc = " + kdc.link.address() + "\n }\n";
        Path file = dir.resolve("krb5-of-link.conf");
        Files.write(file, conf.getBytes(StandardCharsets.US_ASCII));
        System.setProperty("java.security.krb5.conf", file.toString());
        return kdc;
    }

    /** A new principal and the keytab with its key. */
    KerberosAccount account(String name, String password) throws KrbException {
        server.createPrincipal(name, password);
        return exported(name);
    }

    /** The keytab of a principal as the KDC has it now. */
    KerberosAccount exported(String name) throws KrbException {
        File keytab = dir.resolve(name.replace('/', '-') + ".keytab").toFile();
        server.exportPrincipal(name, keytab);
        return KerberosAccount.of(name + "@" + REALM, keytab.getPath());
    }

    void delete(String name) throws KrbException {
        server.deletePrincipal(name);
    }

    void create(String name, String password) throws KrbException {
        server.createPrincipal(name, password);
    }

    /** Answers nothing, and keeps its connections. */
    void hang() {
        link.cut();
    }

    /** Refuses connections; nobody else gets its port meanwhile. */
    void goDown() throws IOException {
        InetSocketAddress entry = entry();
        link.close();
        reserved = new Socket();
        reserved.setReuseAddress(true);
        untilThePortIsFree(() -> reserved.bind(entry));
    }

    /** Another one answers in its place. */
    void replaceBy(int otherPort) {
        target = otherPort;
        link.reset();
    }

    /** Ends {@link #hang}, {@link #goDown} and {@link #replaceBy}. */
    void recover() throws IOException {
        target = port;
        if (reserved != null) {
            int entry = entry().getPort();
            reserved.close();
            reserved = null;
            untilThePortIsFree(() -> link = new Link(entry, () -> target));
        }
        link.heal();
        link.reset();
    }

    /** A listening socket that was closed goes when its last thread has let go of it. */
    private static void untilThePortIsFree(Binding binding) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                binding.bind();
                return;
            } catch (BindException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private interface Binding {
        void bind() throws IOException;
    }

    private InetSocketAddress entry() {
        String[] address = link.address().split(":");
        return new InetSocketAddress(address[0], Integer.parseInt(address[1]));
    }

    @Override
    public void close() throws KrbException {
        link.close();
        server.stop();
    }
}
