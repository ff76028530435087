package org.oozieha.it.kerberos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.oozieha.it.harness.ChildProcess;

/** A private CA, and key stores of servers with certificates it signed. */
final class Certificates {
    static final String PASSWORD = "changeit";

    private final Path dir;
    private int calls;

    private Certificates(Path dir) {
        this.dir = dir;
    }

    static Certificates in(Path dir) {
        Certificates made = new Certificates(dir);
        made.keytool("ca", "-genkeypair", "-alias", "ca", "-keyalg", "RSA", "-dname", "CN=private CA", "-ext", "bc:c");
        made.keytool("ca", "-exportcert", "-alias", "ca", "-file", made.file("ca.crt"));
        made.keytool("trust", "-importcert", "-noprompt", "-alias", "ca", "-file", made.file("ca.crt"));
        return made;
    }

    /** The store with the CA alone. */
    Path trustStore() {
        return dir.resolve("trust.p12");
    }

    /** A key store for a server of that host name. */
    Path keyStore(String host) {
        String request = file(host + ".csr");
        String certificate = file(host + ".crt");
        keytool(host, "-genkeypair", "-alias", host, "-keyalg", "RSA", "-dname", "CN=" + host);
        keytool(host, "-certreq", "-alias", host, "-file", request);
        keytool(
                "ca",
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                request,
                "-outfile",
                certificate,
                "-ext",
                "san=dns:" + host);
        keytool(host, "-importcert", "-noprompt", "-alias", "ca", "-file", file("ca.crt"));
        keytool(host, "-importcert", "-noprompt", "-alias", host, "-file", certificate);
        return dir.resolve(host + ".p12");
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
