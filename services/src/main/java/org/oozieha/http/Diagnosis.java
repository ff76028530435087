package org.oozieha.http;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.oozieha.kerberos.LoginFailure;

/** What to do about a call of a peer that Kerberos or TLS refused, from what Java says of it: text for people, for no other use. Thread-safe. */
final class Diagnosis {
    private static final Map<String, String> REMEDIES = new LinkedHashMap<>();

    static {
        REMEDIES.put(
                "Server not found in Kerberos database",
                "the KDC does not know the HTTP principal of that server's name: create HTTP/<host name in its URL>"
                        + " and add its key to that server's oozie.authentication.kerberos.keytab");
        REMEDIES.put("Checksum failed", staleKeyOfPeer());
        REMEDIES.put("Integrity check on decrypted field failed", staleKeyOfPeer());
        REMEDIES.put("Failed to find any Kerberos cred", keytabOfPeer());
        REMEDIES.put("Cannot find key of appropriate type to decrypt AP", keytabOfPeer());
        REMEDIES.put("No key to store", keytabOfPeer());
        REMEDIES.put("HTTPS hostname wrong", wrongName());
        REMEDIES.put("No subject alternative", wrongName());
        REMEDIES.put("No name matching", wrongName());
    }

    private Diagnosis() {}

    private static String staleKeyOfPeer() {
        return "that server's key is not the KDC's, as after its principal's password was changed: export its"
                + " oozie.authentication.kerberos.keytab again";
    }

    private static String keytabOfPeer() {
        return "that server's oozie.authentication.kerberos.keytab has no key for the host name in its URL: add"
                + " HTTP/<that name>, and set oozie.authentication.kerberos.principal to * there";
    }

    private static String wrongName() {
        return "that server's certificate is for another host name: set oozie.ha.server.url there to a name in it";
    }

    /** Empty if it is nothing this class knows. */
    static Optional<String> of(Throwable failure) {
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
        }
        return LoginFailure.advice(failure);
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
}
