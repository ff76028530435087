package org.oozieha.kerberos;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSException;

/**
 * Why a login of this server itself fails, and what an operator can do about it, from what Java says: text for people, for no other use.
 * Immutable.
 */
public enum LoginFailure {
    NO_KEY(
            "the keytab holds no key of this principal: compare `klist -ket` of the file in " + LoginFailure.KEYTAB
                    + " with " + LoginFailure.PRINCIPAL,
            "Unable to obtain password from user",
            "No key to store",
            "Failed to find any Kerberos cred"),
    UNKNOWN_PRINCIPAL(
            "the KDC does not know this principal: create it, or mend " + LoginFailure.PRINCIPAL
                    + " (_HOST stands for this host's full name)",
            "Client not found in Kerberos database"),
    STALE_KEY(
            "the key in the keytab is not the KDC's key of this principal: export the keytab again into the file in "
                    + LoginFailure.KEYTAB,
            "Pre-authentication information was invalid",
            "PREAUTH_FAILED",
            "Integrity check on decrypted field failed",
            "Checksum failed"),
    CLOCKS(
            "the clocks of this host, the KDC or the server called differ by more than Kerberos allows (5 minutes by"
                    + " default): synchronise them with NTP",
            "Clock skew too great"),
    OTHER_REALM(
            "this KDC is none of the principal's realm: compare the realm in " + LoginFailure.PRINCIPAL
                    + " with krb5.conf",
            "Server not found in Kerberos database"),
    NO_ENCRYPTION(
            "the KDC and this Java have no encryption type in common: compare permitted_enctypes in krb5.conf",
            "KDC has no support for encryption type"),
    UNKNOWN_KDC(
            "this JVM does not know where the KDC is: check krb5.conf and -Djava.security.krb5.conf",
            "Cannot locate KDC",
            "Cannot locate default realm",
            "Could not load configuration file",
            "Unable to locate Kerberos realm"),
    CLOSED_MODULES(
            "Hadoop 2 needs more of Java: start this server's JVM with --add-exports"
                    + " java.security.jgss/sun.security.krb5=ALL-UNNAMED --add-exports"
                    + " java.security.jgss/sun.security.jgss=ALL-UNNAMED",
            "does not export sun.security."),
    /** The one that may pass by itself. */
    SILENT_KDC("no KDC answers: see to it and to the realm's entry in krb5.conf") {
        /** A network's troubles are a KDC's only where Kerberos is in the chain. */
        @Override
        Optional<Throwable> foundIn(Throwable failure) {
            return first(failure, cause -> cause instanceof LoginException || cause instanceof GSSException)
                    .flatMap(kerberos -> first(failure, LoginFailure::isOfTheNetwork));
        }
    };

    /** Oozie's property for its principal. */
    public static final String PRINCIPAL = "oozie.service.HadoopAccessorService.kerberos.principal";
    /** Oozie's property for the keytab with its keys. */
    public static final String KEYTAB = "oozie.service.HadoopAccessorService.keytab.file";

    private static final String[] NETWORK = {
        "java.net.",
        "timed out",
        "Connection refused",
        "Connection reset",
        "No route to host",
        "Port Unreachable",
        "Cannot contact any KDC"
    };

    private final String remedy;
    private final String[] signs;

    LoginFailure(String remedy, String... signs) {
        this.remedy = remedy;
        this.signs = signs;
    }

    /** What is wrong, and what mends it: a part of a sentence. */
    public String remedy() {
        return remedy;
    }

    /** Empty if it is nothing this class knows. */
    public static Optional<LoginFailure> of(Throwable failure) {
        return Arrays.stream(values())
                .filter(known -> known.foundIn(failure).isPresent())
                .findFirst();
    }

    /** The remedy, and what was said; empty if it is nothing this class knows. */
    public static Optional<String> advice(Throwable failure) {
        return of(failure)
                .map(known -> known.remedy
                        + known.foundIn(failure)
                                .map(cause -> " [" + cause.getMessage() + "]")
                                .orElse(""));
    }

    Optional<Throwable> foundIn(Throwable failure) {
        return first(failure, cause -> says(cause, signs));
    }

    private static boolean isOfTheNetwork(Throwable cause) {
        return says(cause, NETWORK);
    }

    private static boolean says(Throwable cause, String[] signs) {
        return Arrays.stream(signs).anyMatch(cause.toString()::contains);
    }

    private static Optional<Throwable> first(Throwable failure, Predicate<Throwable> wanted) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (wanted.test(cause)) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
