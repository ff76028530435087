package org.oozieha.cluster.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/** How this server shows who it is, whom its znodes belong to, and whether the connection is encrypted. Immutable. */
public final class ZkSecurity {
    /** A listing of {@code /locks} that stock servers left full may be larger than the client's own 1 MB. */
    private static final int LARGEST_ANSWER_BYTES = 64 << 20;

    private final String principal;
    private final String keytab;
    private final String digest;
    private final ZkTls tls;

    private ZkSecurity(String principal, String keytab, String digest, ZkTls tls) {
        this.principal = principal;
        this.keytab = keytab;
        this.digest = digest;
        this.tls = tls;
    }

    /** Anybody may do anything with the znodes, and read the traffic. */
    public static ZkSecurity none() {
        return new ZkSecurity(null, null, null, null);
    }

    /**
     * The same, with a login by Kerberos; znodes belong to the first part of the principal, as those of stock Oozie do.
     *
     * @param fullPrincipal without placeholder
     */
    public ZkSecurity withKerberos(String fullPrincipal, String keytabFile) {
        return new ZkSecurity(
                Objects.requireNonNull(fullPrincipal, "principal"),
                Objects.requireNonNull(keytabFile, "keytab"),
                null,
                tls);
    }

    /** The same, with a name and a password. */
    public ZkSecurity withDigest(String user, String password) {
        return new ZkSecurity(null, null, user + ':' + password, tls);
    }

    /** The same, over TLS. */
    public ZkSecurity withTls(ZkTls encryption) {
        return new ZkSecurity(principal, keytab, digest, encryption);
    }

    /** True if the znodes belong to somebody. */
    boolean protects() {
        return principal != null || digest != null;
    }

    /** Of every znode. */
    List<ACL> acl() {
        return protects()
                ? Collections.singletonList(new ACL(ZooDefs.Perms.ALL, owner()))
                : ZooDefs.Ids.OPEN_ACL_UNSAFE;
    }

    /** As ZooKeeper's own tools print it, e.g. {@code sasl:oozie:cdrwa}. */
    String aclText() {
        return text(acl());
    }

    static String text(List<ACL> acl) {
        StringBuilder text = new StringBuilder();
        for (ACL entry : acl) {
            text.append(text.length() == 0 ? "" : ",").append(entry.getId().getScheme());
            text.append(':').append(entry.getId().getId()).append(':');
            text.append(ZKUtil.getPermString(entry.getPerms()));
        }
        return text.toString();
    }

    private Id owner() {
        return principal == null
                ? new Id("digest", digest.substring(0, digest.indexOf(':')) + ':' + sha1(digest))
                : new Id("sasl", principal.split("[/@]")[0]);
    }

    private static String sha1(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA1").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    Optional<KerberosLogin> login(LongSupplier wallMs) {
        return principal == null ? Optional.empty() : Optional.of(new KerberosLogin(principal, keytab, wallMs));
    }

    Optional<String> digest() {
        return Optional.ofNullable(digest);
    }

    Optional<ZkTls> tls() {
        return Optional.ofNullable(tls);
    }

    /**
     * For ZooKeeper's client. Its own SASL login is off: it reads JAAS for the whole JVM, and gives up for good when the KDC is away. Nor
     * does it set watches again, which it would before the login: what is watched is read again. Steps of a login and the end of a session
     * are the only requests that are waited for.
     *
     * @param waitMs how long they are waited for
     */
    ZKClientConfig clientConfig(int waitMs) {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        config.setProperty(ZKConfig.JUTE_MAXBUFFER, String.valueOf(LARGEST_ANSWER_BYTES));
        config.setProperty(ZKClientConfig.DISABLE_AUTO_WATCH_RESET, String.valueOf(principal != null));
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, String.valueOf(waitMs));
        tls().ifPresent(encryption -> encryption.applyTo(config));
        return config;
    }
}
