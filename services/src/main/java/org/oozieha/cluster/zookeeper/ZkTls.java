package org.oozieha.cluster.zookeeper;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.zookeeper.ClientCnxnSocketNetty;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;

/** TLS to ZooKeeper: whom to trust, what to show, which versions. Immutable. */
public final class ZkTls {
    private final Store trusted;
    private final Store own;
    private final List<String> protocols;
    private final boolean verifyHostName;

    /**
     * @param trusted certificates that ZooKeeper's servers are checked against; null for those of the JVM
     * @param own key and certificate of this server; null if ZooKeeper wants none
     * @param protocols e.g. {@code TLSv1.3}; those this JVM does not know are left out
     * @param verifyHostName whether a server's certificate must name the host it was reached by
     */
    public ZkTls(Store trusted, Store own, List<String> protocols, boolean verifyHostName) {
        this.trusted = trusted;
        this.own = own;
        this.protocols = Objects.requireNonNull(protocols, "protocols");
        this.verifyHostName = verifyHostName;
    }

    void applyTo(ZKClientConfig config) {
        config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, ClientCnxnSocketNetty.class.getName());
        try (ClientX509Util names = new ClientX509Util()) {
            config.setProperty(names.getSslEnabledProtocolsProperty(), String.join(",", knownProtocols()));
            config.setProperty(names.getSslHostnameVerificationEnabledProperty(), String.valueOf(verifyHostName));
            if (trusted != null) {
                config.setProperty(names.getSslTruststoreLocationProperty(), trusted.file);
                config.setProperty(names.getSslTruststorePasswdProperty(), trusted.password);
                config.setProperty(names.getSslTruststoreTypeProperty(), trusted.type);
            }
            if (own != null) {
                config.setProperty(names.getSslKeystoreLocationProperty(), own.file);
                config.setProperty(names.getSslKeystorePasswdProperty(), own.password);
                config.setProperty(names.getSslKeystoreTypeProperty(), own.type);
            }
        }
    }

    /** Those of the wanted protocols that this JVM has. */
    List<String> knownProtocols() {
        try {
            List<String> known = Arrays.asList(
                    SSLContext.getDefault().getSupportedSSLParameters().getProtocols());
            return protocols.stream().filter(known::contains).collect(Collectors.toList());
        } catch (NoSuchAlgorithmException noDefault) {
            return protocols;
        }
    }

    boolean verifiesHostName() {
        return verifyHostName;
    }

    @Override
    public String toString() {
        return "trust store " + (trusted == null ? "of the JVM" : trusted.file) + ", key store "
                + (own == null ? "none" : own.file) + ", protocols " + protocols;
    }

    /** A file with keys or certificates. */
    public static final class Store {
        private final String file;
        private final String password;
        private final String type;

        /** @param type JKS, PKCS12 or PEM; empty: by the file's name, else JKS */
        public Store(String file, String password, String type) {
            this.file = Objects.requireNonNull(file, "file");
            this.password = Objects.requireNonNull(password, "password");
            this.type = type.isEmpty() ? typeOf(file) : type;
        }

        private static String typeOf(String file) {
            return file.endsWith(".pem") ? "PEM" : file.endsWith(".p12") || file.endsWith(".pfx") ? "PKCS12" : "JKS";
        }
    }
}
