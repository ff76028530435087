package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.oozieha.testing.Eventually;
import org.oozieha.testing.FreePorts;

/**
 * A ZooKeeper server in a process of its own that takes SASL with Kerberos, and digest, on a plain port, and the same over TLS 1.2, and no
 * other version, on another.
 */
final class SecureZooKeeper implements AutoCloseable {
    static final int TICK_MS = 200;

    private final ZooKeeperProcess process;
    private final int securePort;
    private final KeyStores stores;
    private final String serverKeys;
    private final String clientKeys;
    private final String trustStore;

    private SecureZooKeeper(int certificateDays) throws IOException, KrbException, InterruptedException {
        Kdc kdc = Kdc.running();
        securePort = FreePorts.one();
        stores = new KeyStores();
        String authority = stores.authority("authority");
        serverKeys = stores.signedKeys("server", authority, 10, certificateDays);
        clientKeys = stores.keys("client", 1, 10);
        trustStore = stores.trust("client-trust", authority);
        String principal = Kdc.principal("zookeeper");
        Path jaas = Files.createTempFile("server", ".jaas");
        Files.write(
                jaas,
                Arrays.asList(
                        "Server { com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true",
                        "isInitiator=false principal=\"" + principal + "\" keyTab=\"" + kdc.keytab(principal)
                                + "\"; };"),
                UTF_8);
        process = ZooKeeperProcess.single(
                TICK_MS,
                Arrays.asList(
                        "maxSessionTimeout=60000",
                        "authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
                        "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider",
                        "kerberos.removeHostFromPrincipal=true",
                        "kerberos.removeRealmFromPrincipal=true",
                        "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
                        "secureClientPort=" + securePort,
                        "secureClientPortAddress=127.0.0.1",
                        "ssl.protocol=TLSv1.2",
                        "ssl.enabledProtocols=TLSv1.2",
                        "ssl.keyStore.location=" + serverKeys,
                        "ssl.keyStore.password=" + KeyStores.PASSWORD,
                        "ssl.trustStore.location=" + stores.trust("server-trust", clientKeys),
                        "ssl.trustStore.password=" + KeyStores.PASSWORD),
                Arrays.asList("-Djava.security.auth.login.config=" + jaas, kdc.jvmOption()));
        serve();
    }

    private void serve() throws IOException {
        process.start();
        Eventually.until("ZooKeeper serves", () -> "standalone".equals(process.mode()));
    }

    /** Every connection breaks; sessions begin their timeout anew. */
    void restart() throws IOException, InterruptedException {
        process.kill();
        serve();
    }

    static SecureZooKeeper start() throws IOException, KrbException, InterruptedException {
        return new SecureZooKeeper(20);
    }

    static SecureZooKeeper startWithExpiredCertificate() throws IOException, KrbException, InterruptedException {
        return new SecureZooKeeper(5);
    }

    String address() {
        return process.address();
    }

    String secureAddress() {
        return "127.0.0.1:" + securePort;
    }

    String trustStore() {
        return trustStore;
    }

    String clientKeys() {
        return clientKeys;
    }

    /** What a client needs that shows a certificate. */
    ZkTls tls(String... protocols) {
        return new ZkTls(
                new ZkTls.Store(trustStore, KeyStores.PASSWORD, ""),
                new ZkTls.Store(clientKeys, KeyStores.PASSWORD, ""),
                protocols.length == 0 ? Arrays.asList("TLSv1.3", "TLSv1.2") : Arrays.asList(protocols),
                true);
    }

    /** The same with a trust store that knows somebody else only. */
    ZkTls tlsOfAStranger() throws IOException, InterruptedException {
        String other = stores.keys("other", 1, 10);
        return new ZkTls(
                new ZkTls.Store(stores.trust("other-trust", other), KeyStores.PASSWORD, ""),
                null,
                Collections.singletonList("TLSv1.2"),
                true);
    }

    static ZkSecurity kerberos(String name) throws IOException, KrbException {
        String principal = Kdc.principal(name);
        return ZkSecurity.none().withKerberos(principal, Kdc.running().keytab(principal));
    }

    /** Options for a server of this cluster, in a namespace of the test's own. */
    static ZkOptions options(String address, String namespace, ZkSecurity security) {
        return new ZkOptions(address, namespace, 4_000, TICK_MS, 15_000).withSecurity(security);
    }

    @Override
    public void close() {
        process.close();
    }
}
