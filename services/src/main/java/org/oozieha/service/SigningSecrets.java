package org.oozieha.service;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The secrets that sign login cookies, as all servers share them: one signs, all are accepted. Immutable.
 *
 * <p>As text: lines of {@code name=value}; {@code version=1}, {@code secret.<n>=<Base64>} and {@code signing=<n>}. Names a reader
 * does not know it leaves alone, so a later version can add some; another version number it refuses.
 */
final class SigningSecrets {
    private static final String VERSION = "version";
    private static final String SIGNING = "signing";
    private static final String SECRET = "secret.";
    private static final String THIS_VERSION = "1";
    private static final int LENGTH = 32;

    private final TreeMap<String, byte[]> secrets;
    private final String signing;

    private SigningSecrets(TreeMap<String, byte[]> secrets, String signing) {
        this.secrets = secrets;
        this.signing = signing;
    }

    static SigningSecrets random(SecureRandom random) {
        byte[] secret = new byte[LENGTH];
        random.nextBytes(secret);
        TreeMap<String, byte[]> secrets = new TreeMap<>();
        secrets.put("1", secret);
        return new SigningSecrets(secrets, "1");
    }

    /** Empty if {@code data} is not in this format or this version. */
    static Optional<SigningSecrets> parse(byte[] data) {
        Properties lines = new Properties();
        TreeMap<String, byte[]> secrets = new TreeMap<>();
        try {
            lines.load(new StringReader(new String(data, StandardCharsets.UTF_8)));
            for (String name : lines.stringPropertyNames()) {
                if (name.startsWith(SECRET)) {
                    byte[] secret = Base64.getDecoder().decode(lines.getProperty(name));
                    if (secret.length < LENGTH) {
                        return Optional.empty();
                    }
                    secrets.put(name.substring(SECRET.length()), secret);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        String signing = lines.getProperty(SIGNING, "");
        boolean complete = THIS_VERSION.equals(lines.getProperty(VERSION)) && secrets.containsKey(signing);
        return complete ? Optional.of(new SigningSecrets(secrets, signing)) : Optional.empty();
    }

    byte[] format() {
        StringBuilder text = new StringBuilder(VERSION + "=" + THIS_VERSION + "\n" + SIGNING + "=" + signing + "\n");
        secrets.forEach((name, secret) -> text.append(SECRET)
                .append(name)
                .append('=')
                .append(Base64.getEncoder().encodeToString(secret))
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    byte[] signing() {
        return secrets.get(signing).clone();
    }

    /** The one that signs first. */
    List<byte[]> accepted() {
        List<byte[]> accepted = new ArrayList<>();
        accepted.add(signing());
        secrets.forEach((name, secret) -> {
            if (!name.equals(signing)) {
                accepted.add(secret.clone());
            }
        });
        return accepted;
    }
}
