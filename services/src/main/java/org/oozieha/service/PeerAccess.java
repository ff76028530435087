package org.oozieha.service;

import java.io.IOException;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.authentication.client.Authenticator;
import org.apache.oozie.ErrorCode;
import org.apache.oozie.service.ServiceException;
import org.oozieha.config.HaConfig;
import org.oozieha.http.Authentication;
import org.oozieha.http.KerberosAccount;
import org.oozieha.http.KerberosLogin;
import org.oozieha.http.PeerAuthenticator;
import org.oozieha.http.PeerTrust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this server and its peers prove to each other who they are, by Oozie's own properties.
 *
 * <p>Guarantee: what can be seen to be wrong without a KDC stops the start and says what to do; a KDC that is away does not.
 */
final class PeerAccess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.http");
    private static final String KERBEROS = "kerberos";
    private static final String SIMPLE = "simple";
    private static final String PRINCIPAL = "oozie.service.HadoopAccessorService.kerberos.principal";
    private static final String KEYTAB = "oozie.service.HadoopAccessorService.keytab.file";

    private final PeerTrust trust;
    private final KerberosLogin login;
    private final Authentication authentication;

    private PeerAccess(PeerTrust trust, KerberosLogin login, Authentication authentication) {
        this.trust = trust;
        this.login = login;
        this.authentication = authentication;
    }

    /** Begins to log in where Kerberos is in use. */
    static PeerAccess of(Configuration conf, HaConfig config) throws ServiceException {
        PeerTrust trust = trust(conf, config);
        String type = config.authenticationType();
        if (type.equals(PeerAuthenticator.class.getName())) {
            type = config.httpAuthenticationType().equals(SIMPLE) ? SIMPLE : KERBEROS;
        }
        if (type.equals(SIMPLE)) {
            return new PeerAccess(trust, null, Authentication.simple());
        }
        Class<? extends Authenticator> authenticator = type.equals(KERBEROS) ? null : authenticator(type);
        if (authenticator != null && !config.kerberos()) {
            return new PeerAccess(trust, null, Authentication.of(authenticator));
        }
        KerberosLogin login = new KerberosLogin(account(config), System::currentTimeMillis);
        login.start();
        return new PeerAccess(
                trust,
                login,
                authenticator == null ? Authentication.kerberos(login) : Authentication.kerberos(login, authenticator));
    }

    PeerTrust trust() {
        return trust;
    }

    Authentication authentication() {
        return authentication;
    }

    @Override
    public void close() {
        if (login != null) {
            login.close();
        }
    }

    private static KerberosAccount account(HaConfig config) throws ServiceException {
        if (config.principal().isEmpty() || config.keytab().isEmpty()) {
            throw refused("Kerberos between servers needs " + PRINCIPAL + " and " + KEYTAB
                    + ": set both, or oozie.server.authentication.type = simple");
        }
        KerberosAccount account = KerberosAccount.of(config.fullPrincipal(), config.keytab());
        Optional<String> complaint = account.complaint();
        if (complaint.isPresent()) {
            throw refused(complaint.get() + "; they are named by " + PRINCIPAL + " and " + KEYTAB);
        }
        LOG.info("Servers call each other with Kerberos: as={}", account);
        return account;
    }

    private static Class<? extends Authenticator> authenticator(String type) throws ServiceException {
        try {
            return Class.forName(type, true, Thread.currentThread().getContextClassLoader())
                    .asSubclass(Authenticator.class);
        } catch (ClassNotFoundException | ClassCastException e) {
            throw refused("oozie.server.authentication.type = " + type
                    + ": neither simple nor kerberos nor a class that implements " + Authenticator.class.getName());
        }
    }

    private static PeerTrust trust(Configuration conf, HaConfig config) throws ServiceException {
        String ofJvm = System.getProperty("javax.net.ssl.trustStore", "");
        String store = ofJvm.isEmpty() ? config.trustStore() : ofJvm;
        if (store.isEmpty() || store.equals("NONE")) {
            return PeerTrust.ofJava();
        }
        try {
            String passwordOfJvm = System.getProperty("javax.net.ssl.trustStorePassword");
            char[] password = passwordOfJvm == null
                    ? conf.getPassword(config.trustStorePasswordKey())
                    : passwordOfJvm.toCharArray();
            return PeerTrust.of(
                    Paths.get(store),
                    password == null || password.length == 0 ? null : password,
                    System.getProperty("javax.net.ssl.trustStoreType", KeyStore.getDefaultType()));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw refused("trust store " + store + " cannot be read: " + e + "; it is named by "
                    + (ofJvm.isEmpty() ? "oozie.https.truststore.file" : "-Djavax.net.ssl.trustStore")
                    + ", its password by oozie.https.truststore.pass or -Djavax.net.ssl.trustStorePassword");
        }
    }

    private static ServiceException refused(String why) {
        return new ServiceException(ErrorCode.E0100, HaNode.class.getSimpleName(), why);
    }
}
