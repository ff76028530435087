package org.oozieha.cluster.zookeeper;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.security.auth.login.LoginException;

/** What an operator can do about a failure of Kerberos, of which Java tells the text only: text for people, for no other use. Immutable. */
public final class KerberosAdvice {
    static final String PRINCIPAL = "oozie.service.HadoopAccessorService.kerberos.principal";
    static final String KEYTAB = "oozie.service.HadoopAccessorService.keytab.file";

    static final String NO_SASL = "the server sent no SASL token";

    private static final List<KerberosAdvice> OF_LOGIN = Collections.unmodifiableList(Arrays.asList(
            lasting(
                    "the keytab holds no key of this principal: compare `klist -kt` of the file in " + KEYTAB + " with "
                            + PRINCIPAL,
                    "Unable to obtain password from user",
                    "No key to store"),
            lasting(
                    "the KDC does not know this principal: create it, or mend " + PRINCIPAL
                            + " (_HOST stands for this host's full name)",
                    "Client not found in Kerberos database",
                    "(6)"),
            lasting(
                    "the key in the keytab is not the KDC's key of this principal: export the keytab again into the file in "
                            + KEYTAB,
                    "Checksum failed",
                    "Pre-authentication information was invalid",
                    "PREAUTH_FAILED",
                    "Integrity check on decrypted field failed",
                    "(24)",
                    "(31)"),
            lasting(
                    "the clocks of this host, the KDC or the server called differ by more than Kerberos allows (5 minutes by default):"
                            + " synchronise them with NTP",
                    "Clock skew too great",
                    "(37)"),
            lasting(
                    "this JVM does not know where the KDC is: check krb5.conf and -Djava.security.krb5.conf",
                    "Cannot locate KDC",
                    "Cannot locate default realm",
                    "Could not load configuration file",
                    "Unable to locate Kerberos realm"),
            new KerberosAdvice(
                    true,
                    "the KDC does not answer: see to it and to the realm's entry in krb5.conf",
                    "Connection refused",
                    "timed out",
                    "Port Unreachable",
                    "UnknownHostException",
                    "No route to host",
                    "Connection reset",
                    "Cannot contact any KDC")));

    private static final List<KerberosAdvice> OF_ZOOKEEPER = Collections.unmodifiableList(Arrays.asList(
            lasting(
                    "the KDC does not know ZooKeeper's principal: create it, or say its first part with"
                            + " -Dzookeeper.sasl.client.username, or its whole name with -Dzookeeper.server.principal; check"
                            + " that the servers' addresses resolve to the names in their principals",
                    "Server not found in Kerberos database",
                    "(7)"),
            lasting(
                    "this ZooKeeper takes no login by SASL: set authProvider.1 ="
                            + " org.apache.zookeeper.server.auth.SASLAuthenticationProvider in its zoo.cfg, and a section Server"
                            + " in its JAAS file",
                    NO_SASL)));

    private final boolean passing;
    private final String sentence;
    private final String[] signs;

    private KerberosAdvice(boolean passing, String sentence, String... signs) {
        this.passing = passing;
        this.sentence = sentence;
        this.signs = signs;
    }

    private static KerberosAdvice lasting(String sentence, String... signs) {
        return new KerberosAdvice(false, sentence, signs);
    }

    /** What to do about a refused login of this server itself, and what was said; empty if it is no such, or nothing this class knows. */
    public static Optional<String> ofLogin(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LoginException) {
                String seen = Failures.texts(cause);
                return of(OF_LOGIN, seen).map(advice -> advice.sentence + " [" + seen + "]");
            }
        }
        return Optional.empty();
    }

    /** @param tried what failed, as the beginning of a sentence */
    static LoginProblem problem(String tried, Throwable failure) {
        String seen = Failures.texts(failure);
        KerberosAdvice advice = of(OF_ZOOKEEPER, seen).orElse(of(OF_LOGIN, seen).orElse(null));
        if (advice == null) {
            return LoginProblem.passing(tried + ": " + seen, failure);
        }
        String message = tried + ": " + advice.sentence;
        return advice.passing
                ? LoginProblem.passing(message + "; it is asked again [" + seen + "]", failure)
                : LoginProblem.lasting(message + " [" + seen + "]", failure);
    }

    private static Optional<KerberosAdvice> of(List<KerberosAdvice> known, String seen) {
        return known.stream()
                .filter(advice -> Arrays.stream(advice.signs).anyMatch(seen::contains))
                .findFirst();
    }
}
