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
 * <p>A new secret is announced first and signs once every server has had time to read it; the one before is accepted until the last
 * cookie it signed has ended. So a cookie is good at every server from its first moment to its end.
 *
 * <p>As text: lines of {@code name=value}; {@code version=1}, {@code secret.<n>=<Base64>}, {@code signing=<n>}, and
 * {@code since=<ms>}, when the last of these was changed, by the clock of the server that did it. Names a reader does not know it
 * leaves alone; another version number it refuses.
 */
final class SigningSecrets {
    private static final String VERSION = "version";
    private static final String SIGNING = "signing";
    private static final String SINCE = "since";
    private static final String SECRET = "secret.";
    private static final String THIS_VERSION = "1";
    private static final int LENGTH = 32;

    private final TreeMap<Integer, byte[]> secrets;
    private final int signing;
    private final long sinceMs;

    private SigningSecrets(TreeMap<Integer, byte[]> secrets, int signing, long sinceMs) {
        this.secrets = secrets;
        this.signing = signing;
        this.sinceMs = sinceMs;
    }

    static SigningSecrets random(SecureRandom random, long nowMs) {
        TreeMap<Integer, byte[]> secrets = new TreeMap<>();
        secrets.put(1, secret(random));
        return new SigningSecrets(secrets, 1, nowMs);
    }

    private static byte[] secret(SecureRandom random) {
        byte[] secret = new byte[LENGTH];
        random.nextBytes(secret);
        return secret;
    }

    /**
     * What these have become by now; empty if nothing is due. A change that lies further ahead than a cookie lives counts as long ago:
     * no clock that is right wrote it, and a secret must not sign for ever.
     *
     * @param validityMs how long a cookie lives, and a secret signs
     * @param announceMs within what time every server reads a change
     */
    Optional<SigningSecrets> rolled(long nowMs, long validityMs, long announceMs, SecureRandom random) {
        long age = sinceMs > nowMs + validityMs ? Long.MAX_VALUE : nowMs - sinceMs;
        TreeMap<Integer, byte[]> next = new TreeMap<>(secrets);
        if (secrets.lastKey() > signing) {
            if (age < announceMs) {
                return Optional.empty();
            }
            return Optional.of(new SigningSecrets(next, secrets.lastKey(), nowMs));
        }
        if (age < validityMs + announceMs) {
            return Optional.empty();
        }
        next.headMap(signing).clear();
        next.put(signing + 1, secret(random));
        return Optional.of(new SigningSecrets(next, signing, nowMs));
    }

    /** Empty if {@code data} is not in this format or this version. */
    static Optional<SigningSecrets> parse(byte[] data) {
        Properties lines = new Properties();
        TreeMap<Integer, byte[]> secrets = new TreeMap<>();
        try {
            lines.load(new StringReader(new String(data, StandardCharsets.UTF_8)));
            for (String name : lines.stringPropertyNames()) {
                if (name.startsWith(SECRET)) {
                    byte[] secret = Base64.getDecoder().decode(lines.getProperty(name));
                    if (secret.length < LENGTH) {
                        return Optional.empty();
                    }
                    secrets.put(Integer.valueOf(name.substring(SECRET.length())), secret);
                }
            }
            int signing = Integer.parseInt(lines.getProperty(SIGNING, ""));
            long since = Long.parseLong(lines.getProperty(SINCE, "0"));
            boolean complete = THIS_VERSION.equals(lines.getProperty(VERSION)) && secrets.containsKey(signing);
            return complete ? Optional.of(new SigningSecrets(secrets, signing, since)) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    byte[] format() {
        StringBuilder text = new StringBuilder();
        text.append(VERSION).append('=').append(THIS_VERSION).append('\n');
        text.append(SIGNING).append('=').append(signing).append('\n');
        text.append(SINCE).append('=').append(sinceMs).append('\n');
        secrets.forEach((number, secret) -> text.append(SECRET)
                .append(number)
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
        secrets.forEach((number, secret) -> {
            if (number != signing) {
                accepted.add(secret.clone());
            }
        });
        return accepted;
    }
}
