package org.oozieha.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

/** A principal and the keytab with its key. Immutable. */
public final class KerberosAccount {
    private static final String NAME = "oozie-ha-peer";

    private final String principal;
    private final Path keytab;

    private KerberosAccount(String principal, Path keytab) {
        this.principal = principal;
        this.keytab = keytab;
    }

    /**
     * @param principal without placeholder
     */
    public static KerberosAccount of(String principal, String keytab) {
        return new KerberosAccount(principal, Paths.get(keytab));
    }

    public String principal() {
        return principal;
    }

    /** What is wrong with the two, seen without the KDC; empty if nothing is. */
    public Optional<String> complaint() {
        if (!Files.isReadable(keytab)) {
            return Optional.of("keytab " + keytab + " cannot be read by this server's user ("
                    + System.getProperty("user.name") + "): export it, or correct its owner and mode");
        }
        try {
            KerberosPrincipal owner = new KerberosPrincipal(principal);
            if (KeyTab.getInstance(owner, keytab.toFile()).getKeys(owner).length == 0) {
                return Optional.of("keytab " + keytab + " has no key of " + owner.getName()
                        + " with an encryption type this Java allows: compare with klist -ket " + keytab);
            }
        } catch (IllegalArgumentException e) {
            return Optional.of("principal " + principal + " is not one: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** Asks the KDC for a new ticket; takes as long as Java's {@code kdc_timeout} and {@code max_retries} allow. */
    Subject login() throws LoginException {
        Subject subject = new Subject();
        new LoginContext(NAME, subject, null, new Jaas(options())).login();
        return subject;
    }

    private Map<String, String> options() {
        Map<String, String> options = new HashMap<>();
        options.put("principal", principal);
        options.put("useKeyTab", "true");
        options.put("keyTab", keytab.toString());
        options.put("doNotPrompt", "true");
        options.put("isInitiator", "true");
        return options;
    }

    @Override
    public String toString() {
        return principal + " (" + keytab + ")";
    }

    /** For this login alone; the JVM's own configuration is neither read nor changed. */
    private static final class Jaas extends Configuration {
        private final AppConfigurationEntry entry;

        Jaas(Map<String, String> options) {
            entry = new AppConfigurationEntry(
                    "com.sun.security.auth.module.Krb5LoginModule",
                    AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                    Collections.unmodifiableMap(options));
        }

        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return new AppConfigurationEntry[] {entry};
        }
    }
}
