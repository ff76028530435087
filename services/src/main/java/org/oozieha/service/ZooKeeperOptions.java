package org.oozieha.service;

import org.oozieha.cluster.zookeeper.ZkOptions;
import org.oozieha.cluster.zookeeper.ZkSecurity;
import org.oozieha.cluster.zookeeper.ZkTls;
import org.oozieha.config.HaConfig;
import org.oozieha.config.ZooKeeperLogin;

/** What the configuration says about ZooKeeper, in the terms of the client. */
public final class ZooKeeperOptions {
    private ZooKeeperOptions() {}

    /** For a server. */
    public static ZkOptions of(HaConfig config) {
        return of(config, config.sessionTimeoutMs());
    }

    /** With another session timeout. */
    public static ZkOptions of(HaConfig config, int sessionTimeoutMs) {
        return new ZkOptions(
                        config.connectionString(),
                        config.namespace(),
                        sessionTimeoutMs,
                        Math.toIntExact(config.zookeeperTickMs()),
                        config.startupTimeoutMs())
                .withSecurity(security(config));
    }

    private static ZkSecurity security(HaConfig config) {
        ZkSecurity security = ZkSecurity.none();
        if (config.secure()) {
            security = config.zookeeperLogin() == ZooKeeperLogin.DIGEST
                    ? security.withDigest(config.digestUser(), config.digestPassword())
                    : security.withKerberos(config.fullPrincipal(), config.keytab());
        }
        return config.zookeeperSsl() ? security.withTls(tls(config)) : security;
    }

    private static ZkTls tls(HaConfig config) {
        return new ZkTls(
                store(config.sslTruststoreFile(), config.sslTruststorePassword(), config.sslTruststoreType()),
                store(config.sslKeystoreFile(), config.sslKeystorePassword(), config.sslKeystoreType()),
                config.sslProtocols(),
                config.sslHostnameVerification());
    }

    private static ZkTls.Store store(String file, String password, String type) {
        return file.isEmpty() ? null : new ZkTls.Store(file, password, type);
    }
}
