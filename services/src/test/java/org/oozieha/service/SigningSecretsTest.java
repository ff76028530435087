package org.oozieha.service;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.junit.Test;

public class SigningSecretsTest {
    private static final String OLD = Base64.getEncoder().encodeToString(new byte[32]);

    @Test
    public void a_random_secret_has_32_bytes_and_survives_its_text() {
        SigningSecrets secrets = SigningSecrets.random(new SecureRandom());
        assertEquals(32, secrets.signing().length);
        SigningSecrets read = SigningSecrets.parse(secrets.format()).get();
        assertArrayEquals(secrets.signing(), read.signing());
        assertEquals(1, read.accepted().size());
    }

    @Test
    public void the_signing_secret_comes_first_and_older_ones_are_accepted() {
        byte[] fresh = new byte[32];
        Arrays.fill(fresh, (byte) 7);
        String text = "version=1\nsigning=2\nsecret.1=" + OLD + "\nsecret.2="
                + Base64.getEncoder().encodeToString(fresh) + "\nrolled.at=later versions may say\n";
        SigningSecrets read = SigningSecrets.parse(bytes(text)).get();
        assertArrayEquals(fresh, read.signing());
        assertEquals(2, read.accepted().size());
        assertArrayEquals(fresh, read.accepted().get(0));
        assertArrayEquals(new byte[32], read.accepted().get(1));
    }

    @Test
    public void anything_else_is_not_taken_for_secrets() {
        for (String text : new String[] {
            "",
            "version=2\nsigning=1\nsecret.1=" + OLD,
            "version=1\nsecret.1=" + OLD,
            "version=1\nsigning=2\nsecret.1=" + OLD,
            "version=1\nsigning=1\nsecret.1=!!!",
            "version=1\nsigning=1\nsecret.1=AAAA",
            "\\" + "uXX"
        }) {
            assertFalse(text, SigningSecrets.parse(bytes(text)).isPresent());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
