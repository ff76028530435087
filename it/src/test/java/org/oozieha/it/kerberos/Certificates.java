package org.oozieha.it.kerberos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.oozieha.it.harness.ChildProcess;

/**
 * Two private CAs, and key stores of servers with certificates that one of them signed: everybody trusts the first, nobody the other.
 * Each certificate names the balancer too: Jetty refuses a request whose Host is not in the certificate that SNI chose.
 */
final class Certificates {
    static final String PASSWORD = "changeit";

    private static final String CA = "ca";
    private static final String ANOTHER_CA = "another-ca";
    private static final String LONG_AGO = "-30d";

    private final Path dir;
    private int calls;

    private Certificates(Path dir) {
        this.dir = dir;
    }

    static Certificates in(Path dir) {
        Certificates made = new Certificates(dir);
        made.authority(CA);
        made.keytool("trust", "-importcert", "-noprompt", "-alias", "ca", "-file", made.file(CA + ".crt"));
        made.authority(ANOTHER_CA);
        return made;
    }

    private void authority(String ca) {
        keytool(
                ca,
                "-genkeypair",
                "-alias",
                "ca",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + ca,
                "-startdate",
                LONG_AGO,
                "-ext",
                "bc:c");
        keytool(ca, "-exportcert", "-alias", "ca", "-file", file(ca + ".crt"));
    }

    /** The store with the CA alone. */
    Path trustStore() {
        return dir.resolve("trust.p12");
    }

    /** A key store for a server of that host name. */
    Path keyStore(String host) {
        return signed(host, CA, host, "-validity", "90");
    }

    /** One whose certificate names another host. */
    Path keyStoreOfAnotherHost() {
        return signed("another-host", CA, "elsewhere.test", "-validity", "90");
    }

    /** One for that host whose certificate ended yesterday. */
    Path expiredKeyStore(String host) {
        return signed("expired-" + host, CA, host, "-startdate", "-10d", "-validity", "9");
    }

    /** One for that host whose certificate is signed by the CA that nobody trusts. */
    Path untrustedKeyStore(String host) {
        return signed("untrusted-" + host, ANOTHER_CA, host, "-validity", "90");
    }

    /** Puts a key store in the place where a server of that host looks for it. */
    Path use(Path keyStore, String host) throws IOException {
        return Files.copy(keyStore, dir.resolve("in-use-" + host + ".p12"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path signed(String name, String ca, String host, String... dates) {
        String request = file(name + ".csr");
        String certificate = file(name + ".crt");
        keytool(name, "-genkeypair", "-alias", "key", "-keyalg", "RSA", "-dname", "CN=" + host);
        keytool(name, "-certreq", "-alias", "key", "-file", request);
        List<String> sign = new ArrayList<>(Arrays.asList("-gencert", "-alias", "ca", "-infile", request));
        sign.addAll(Arrays.asList("-outfile", certificate, "-ext", "san=dns:" + host + ",dns:" + Realm.BALANCER));
        sign.addAll(Arrays.asList(dates));
        keytool(ca, sign.toArray(new String[0]));
        keytool(name, "-importcert", "-noprompt", "-alias", "ca", "-file", file(ca + ".crt"));
        keytool(name, "-importcert", "-noprompt", "-alias", "key", "-file", certificate);
        return dir.resolve(name + ".p12");
    }

    private String file(String name) {
        return dir.resolve(name).toString();
    }

    private void keytool(String store, String... words) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/keytool");
        command.addAll(Arrays.asList(words));
        command.addAll(
                Arrays.asList("-keystore", file(store + ".p12"), "-storetype", "PKCS12", "-storepass", PASSWORD));
        ChildProcess process = ChildProcess.start("keytool-" + ++calls, dir, command);
        int exit = process.awaitExit(Duration.ofSeconds(60));
        if (exit != 0) {
            throw new IllegalStateException("keytool ended with " + exit + ": " + process.tail());
        }
    }
}
