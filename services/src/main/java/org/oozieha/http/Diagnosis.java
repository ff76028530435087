package org.oozieha.http;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSException;

/** What to do about a call of a peer that Kerberos or TLS refused, from what Java says of it: text for people, for no other use. */
final class Diagnosis {
    private static final Map<String, String> REMEDIES = new LinkedHashMap<>();

    static {
        REMEDIES.put(
                "Clock skew too great",
                "the clocks of this host, the KDC and the other server differ by more than Kerberos allows (5 minutes"
                        + " by default): synchronise them");
        REMEDIES.put(
                "Client not found in Kerberos database",
                "the KDC does not know this server's principal: create it, or correct"
                        + " oozie.service.HadoopAccessorService.kerberos.principal");
        REMEDIES.put(
                "Server not found in Kerberos database",
                "the KDC does not know the HTTP principal of that server's name: create HTTP/<host name in its URL>"
                        + " and add its key to that server's oozie.authentication.kerberos.keytab");
        REMEDIES.put(
                "Unable to obtain password from user",
                "the keytab has no usable key of the principal: compare oozie.service.HadoopAccessorService.keytab.file"
                        + " with klist -ket");
        REMEDIES.put("Pre-authentication information was invalid", wrongKey());
        REMEDIES.put("Integrity check on decrypted field failed", wrongKey());
        REMEDIES.put("Checksum failed", wrongKey());
        REMEDIES.put("Failed to find any Kerberos cred", keytabOfPeer());
        REMEDIES.put("Cannot find key of appropriate type to decrypt AP", keytabOfPeer());
        REMEDIES.put("No key to store", keytabOfPeer());
        REMEDIES.put(
                "KDC has no support for encryption type",
                "the KDC and this Java have no encryption type in common: compare permitted_enctypes in krb5.conf");
        REMEDIES.put(
                "does not export sun.security.",
                "Hadoop 2 needs more of Java: start this server's JVM with --add-exports"
                        + " java.security.jgss/sun.security.krb5=ALL-UNNAMED --add-exports"
                        + " java.security.jgss/sun.security.jgss=ALL-UNNAMED");
        REMEDIES.put("HTTPS hostname wrong", wrongName());
        REMEDIES.put("No subject alternative", wrongName());
        REMEDIES.put("No name matching", wrongName());
        REMEDIES.put("Cannot locate KDC", noKdc());
        REMEDIES.put("Receive timed out", noKdc());
        REMEDIES.put("ICMP Port Unreachable", noKdc());
    }

    private Diagnosis() {}

    private static String wrongKey() {
        return "the keytab's key is not the KDC's, as after the principal's password was changed: export the keytab"
                + " anew";
    }

    private static String keytabOfPeer() {
        return "that server's oozie.authentication.kerberos.keytab has no key for the host name in its URL: add"
                + " HTTP/<that name>, and set oozie.authentication.kerberos.principal to * there";
    }

    private static String wrongName() {
        return "that server's certificate is for another host name: set oozie.ha.server.url there to a name in it";
    }

    private static String noKdc() {
        return "no KDC answers: see to the KDC and to the realm's entry in krb5.conf";
    }

    /** Empty if it is nothing this class knows. */
    static Optional<String> of(Throwable failure) {
        boolean kerberos = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            for (Map.Entry<String, String> remedy : REMEDIES.entrySet()) {
                if (message.contains(remedy.getKey())) {
                    return Optional.of(remedy.getValue() + " [" + message + "]");
                }
            }
            if (cause instanceof SSLException) {
                return Optional.of(tls(cause));
            }
            kerberos |= cause instanceof LoginException || cause instanceof GSSException;
        }
        return kerberos && isNetwork(failure)
                ? Optional.of(noKdc() + " [" + failure.getMessage() + "]")
                : Optional.empty();
    }

    private static String tls(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = " [" + root.getMessage() + "]";
        if (root instanceof CertificateExpiredException || root instanceof CertificateNotYetValidException) {
            return "that server's certificate is not valid today: renew the one in its oozie.https.keystore.file"
                    + said;
        }
        if (said.contains("unable to find valid certification path") || said.contains("Path does not chain")) {
            return "that server's certificate is signed by nobody this server trusts: add its CA to"
                    + " oozie.https.truststore.file here" + said;
        }
        return "TLS: " + failure.getMessage() + said;
    }

    private static boolean isNetwork(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException || cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
