package org.oozieha.cluster.zookeeper;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Key stores made by the JDK's keytool. */
final class KeyStores {
    static final String PASSWORD = "changeit";

    private final Path dir;

    KeyStores() throws IOException {
        dir = Files.createTempDirectory("keys");
    }

    /** A key and its certificate for localhost, valid for {@code days} days from {@code startDays} days ago on. */
    String keys(String name, int startDays, int days) throws IOException, InterruptedException {
        String store = dir.resolve(name + ".p12").toString();
        keytool(
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-startdate",
                "-" + startDays + "d",
                "-validity",
                String.valueOf(days),
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        return store;
    }

    /** As {@link #keys}, but the certificate is signed by another key's owner: of one trusted by itself Java asks no dates. */
    String signedKeys(String name, String authority, int startDays, int days) throws IOException, InterruptedException {
        String store = keys(name, startDays, days);
        String request = dir.resolve(name + ".csr").toString();
        String certificate = dir.resolve(name + ".signed").toString();
        String root = dir.resolve(name + ".root").toString();
        String alias = new File(authority).getName().replace(".p12", "");
        keytool(store, "-certreq", "-alias", name, "-file", request);
        keytool(
                authority,
                "-gencert",
                "-alias",
                alias,
                "-infile",
                request,
                "-outfile",
                certificate,
                "-startdate",
                "-" + startDays + "d",
                "-validity",
                String.valueOf(days),
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        keytool(authority, "-exportcert", "-alias", alias, "-file", root);
        keytool(store, "-importcert", "-noprompt", "-alias", alias, "-file", root);
        keytool(store, "-importcert", "-noprompt", "-alias", name, "-file", certificate);
        return store;
    }

    /** A key whose owner signs others' certificates. */
    String authority(String name) throws IOException, InterruptedException {
        String store = dir.resolve(name + ".p12").toString();
        keytool(
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-startdate",
                "-30d",
                "-ext",
                "bc:c",
                "-validity",
                "60");
        return store;
    }

    /** Trusts the certificates of these keys. */
    String trust(String name, String... keyStores) throws IOException, InterruptedException {
        String store = dir.resolve(name + ".p12").toString();
        for (String keys : keyStores) {
            String alias = new File(keys).getName().replace(".p12", "");
            String certificate = dir.resolve(alias + ".cer").toString();
            keytool(keys, "-exportcert", "-alias", alias, "-file", certificate);
            keytool(store, "-importcert", "-noprompt", "-alias", alias, "-file", certificate);
        }
        return store;
    }

    private static void keytool(String store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Arrays.asList(
                Paths.get(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile("keytool", ".out").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("failed: " + command);
        }
    }
}
