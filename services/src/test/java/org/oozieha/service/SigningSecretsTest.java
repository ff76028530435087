package org.oozieha.service;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.junit.Test;

public class SigningSecretsTest {
    private static final String OLD = Base64.getEncoder().encodeToString(new byte[32]);

    @Test
    public void a_random_secret_has_32_bytes_and_survives_its_text() {
        SigningSecrets secrets = SigningSecrets.random(new SecureRandom(), 1_000);
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
    public void a_new_secret_is_announced_then_signs_and_the_old_one_goes_when_its_cookies_have_ended() {
        SecureRandom random = new SecureRandom();
        SigningSecrets one = SigningSecrets.random(random, 0);
        assertFalse(one.rolled(1_099, 1_000, 100, random).isPresent());
        SigningSecrets announced = reread(one.rolled(1_100, 1_000, 100, random).get());
        assertArrayEquals(one.signing(), announced.signing());
        assertEquals(2, announced.accepted().size());
        assertFalse(announced.rolled(1_199, 1_000, 100, random).isPresent());
        SigningSecrets two = reread(announced.rolled(1_200, 1_000, 100, random).get());
        assertArrayEquals(announced.accepted().get(1), two.signing());
        assertEquals(2, two.accepted().size());
        assertFalse(two.rolled(2_299, 1_000, 100, random).isPresent());
        SigningSecrets next = reread(two.rolled(2_300, 1_000, 100, random).get());
        assertArrayEquals(two.signing(), next.signing());
        assertEquals(
                "the first is gone, the third announced", 2, next.accepted().size());
        assertFalse(Arrays.equals(one.signing(), next.accepted().get(1)));
    }

    @Test
    public void a_secret_from_a_time_to_come_does_not_sign_for_ever() {
        SecureRandom random = new SecureRandom();
        for (long since : new long[] {10_000, Long.MAX_VALUE}) {
            SigningSecrets planted = SigningSecrets.random(random, since);
            assertFalse(
                    "a clock may be ahead a little",
                    SigningSecrets.random(random, 2_000)
                            .rolled(1_500, 1_000, 100, random)
                            .isPresent());
            SigningSecrets announced =
                    reread(planted.rolled(5_000, 1_000, 100, random).get());
            SigningSecrets signs =
                    reread(announced.rolled(5_100, 1_000, 100, random).get());
            assertFalse(Arrays.equals(planted.signing(), signs.signing()));
            SigningSecrets last = signs.rolled(6_200, 1_000, 100, random).get();
            assertTrue(last.accepted().stream().noneMatch(each -> Arrays.equals(planted.signing(), each)));
        }
    }

    private static SigningSecrets reread(SigningSecrets secrets) {
        return SigningSecrets.parse(secrets.format()).get();
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
            "version=1\nsigning=a\nsecret.a=" + OLD,
            "version=1\nsigning=1\nsince=never\nsecret.1=" + OLD,
            "\\" + "uXX"
        }) {
            assertFalse(text, SigningSecrets.parse(bytes(text)).isPresent());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
