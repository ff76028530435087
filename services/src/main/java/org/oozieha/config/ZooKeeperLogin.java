package org.oozieha.config;

/** How this server shows ZooKeeper who it is. */
public enum ZooKeeperLogin {
    KERBEROS,
    DIGEST
}
