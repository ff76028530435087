package org.oozieha.cluster.zookeeper;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What an operator can do about a failure of Kerberos, of which Java tells the text only. */
final class KerberosAdvice {
    static final String PRINCIPAL = "oozie.service.HadoopAccessorService.kerberos.principal";
    static final String KEYTAB = "oozie.service.HadoopAccessorService.keytab.file";

    static final String NO_SASL = "the server sent no SASL token";

    private static final List<KerberosAdvice> KNOWN = Collections.unmodifiableList(Arrays.asList(
            lasting(
                    "the keytab holds no key of this principal: compare `klist -kt` of the file in " + KEYTAB + " with "
                            + PRINCIPAL,
                    "Unable to obtain password from user"),
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
                    "the clocks of this host, the KDC and ZooKeeper differ by more than Kerberos allows (5 minutes by default):"
                            + " synchronise them with NTP",
                    "Clock skew too great",
                    "(37)"),
            lasting(
                    "the KDC does not know ZooKeeper's principal: create it, or say its first part with"
                            + " -Dzookeeper.sasl.client.username, or its whole name with -Dzookeeper.server.principal; check"
                            + " that the servers' addresses resolve to the names in their principals",
                    "Server not found in Kerberos database",
                    "(7)"),
            lasting(
                    "this JVM does not know where the KDC is: check krb5.conf and -Djava.security.krb5.conf",
                    "Cannot locate KDC",
                    "Cannot locate default realm",
                    "Could not load configuration file",
                    "Unable to locate Kerberos realm"),
            lasting(
                    "this ZooKeeper takes no login by SASL: set authProvider.1 ="
                            + " org.apache.zookeeper.server.auth.SASLAuthenticationProvider in its zoo.cfg, and a section Server"
                            + " in its JAAS file",
                    NO_SASL),
            new KerberosAdvice(
                    true,
                    "the KDC does not answer: it is asked again",
                    "Connection refused",
                    "timed out",
                    "Port Unreachable",
                    "UnknownHostException",
                    "No route to host",
                    "Connection reset",
                    "Cannot contact any KDC")));

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

    /** @param tried what failed, as the beginning of a sentence */
    static LoginProblem problem(String tried, Throwable failure) {
        String seen = Failures.texts(failure);
        for (KerberosAdvice advice : KNOWN) {
            if (Arrays.stream(advice.signs).anyMatch(seen::contains)) {
                String message = tried + ": " + advice.sentence + " [" + seen + "]";
                return advice.passing ? LoginProblem.passing(message, failure) : LoginProblem.lasting(message, failure);
            }
        }
        return LoginProblem.passing(tried + ": " + seen, failure);
    }
}
