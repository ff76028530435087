package org.oozieha.service;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.oozieha.testing.Eventually.until;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.security.authentication.util.Signer;
import org.apache.hadoop.security.authentication.util.SignerException;
import org.junit.After;
import org.junit.Test;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;

public class SharedSecretProviderTest {
    private static final long VALIDITY_MS = 3_600_000;

    private final Store store = new Store();
    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final SharedSecretProvider first = new SharedSecretProvider(clock::get);
    private final SharedSecretProvider second = new SharedSecretProvider(clock::get);

    @After
    public void stop() {
        first.destroy();
        second.destroy();
    }

    @Test
    public void a_cookie_of_one_server_is_accepted_by_another() throws Exception {
        first.start(store, VALIDITY_MS, 100, 10);
        second.start(store, VALIDITY_MS, 100, 10);
        assertEquals("u=bob", new Signer(second).verifyAndExtract(new Signer(first).sign("u=bob")));
        assertEquals("u=eve", new Signer(first).verifyAndExtract(new Signer(second).sign("u=eve")));
    }

    @Test
    public void a_cookie_signed_with_any_other_secret_is_refused() {
        first.start(store, VALIDITY_MS, 100, 10);
        second.start(new Store(), VALIDITY_MS, 100, 10);
        assertThrows(SignerException.class, () -> new Signer(second).verifyAndExtract(new Signer(first).sign("u=bob")));
    }

    @Test
    public void of_two_servers_that_create_the_secret_at_once_one_wins_for_both() {
        store.beforeNextWrite = () -> second.start(store, VALIDITY_MS, 100, 10);
        first.start(store, VALIDITY_MS, 100, 10);
        assertArrayEquals(first.getCurrentSecret(), second.getCurrentSecret());
    }

    @Test
    public void while_zookeeper_is_away_each_server_signs_for_itself_and_shares_afterwards() throws Exception {
        store.away = true;
        first.start(store, VALIDITY_MS, 100, 10);
        String early = new Signer(first).sign("u=bob");
        assertEquals("u=bob", new Signer(first).verifyAndExtract(early));
        byte[] own = first.getCurrentSecret();
        store.away = false;
        until("another secret", () -> !Arrays.equals(own, first.getCurrentSecret()));
        second.start(store, VALIDITY_MS, 100, 10);
        assertArrayEquals(first.getCurrentSecret(), second.getCurrentSecret());
        assertEquals("cookies from before stay good", "u=bob", new Signer(first).verifyAndExtract(early));
    }

    @Test
    public void a_damaged_value_is_neither_used_nor_overwritten() {
        byte[] damaged = "nonsense".getBytes(StandardCharsets.UTF_8);
        store.value.set(SharedValue.Version.of(damaged, 0));
        first.start(store, VALIDITY_MS, 100, 10);
        assertEquals(32, first.getCurrentSecret().length);
        assertFalse(Arrays.equals(damaged, first.getCurrentSecret()));
        assertArrayEquals(damaged, store.value.get().data());
    }

    @Test
    public void the_secret_rolls_and_a_cookie_is_good_at_every_server_until_its_end() throws Exception {
        long validity = 4_000;
        first.start(store, validity, 100, 10);
        second.start(store, validity, 100, 10);
        String before = new Signer(first).sign("u=bob");
        byte[] old = first.getCurrentSecret();
        clock.addAndGet(2 * validity);
        until("three secrets", () -> first.getAllSecrets().length >= 3 && second.getAllSecrets().length >= 3);
        assertArrayEquals("announced, not used", old, first.getCurrentSecret());
        clock.addAndGet(validity / 2);
        until(
                "another secret",
                () -> !Arrays.equals(old, first.getCurrentSecret()) && !Arrays.equals(old, second.getCurrentSecret()));
        assertArrayEquals(first.getCurrentSecret(), second.getCurrentSecret());
        for (SharedSecretProvider server : Arrays.asList(first, second)) {
            assertEquals("u=bob", new Signer(server).verifyAndExtract(before));
        }
        clock.addAndGet(2 * validity);
        until("the old cookie is refused", () -> refuses(first, before) && refuses(second, before));
    }

    @Test
    public void a_restarted_server_accepts_the_cookies_from_before() throws Exception {
        first.start(store, VALIDITY_MS, 100, 10);
        String before = new Signer(first).sign("u=bob");
        first.destroy();
        second.start(store, VALIDITY_MS, 100, 10);
        assertEquals("u=bob", new Signer(second).verifyAndExtract(before));
    }

    private static boolean refuses(SharedSecretProvider server, String cookie) {
        try {
            new Signer(server).verifyAndExtract(cookie);
            return false;
        } catch (SignerException e) {
            return true;
        }
    }

    @Test
    public void its_thread_ends_with_it() throws Exception {
        store.away = true;
        first.start(store, VALIDITY_MS, 100, 10);
        first.destroy();
        until("no thread", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("oozie-ha-signing-secret")));
    }

    private static final class Store implements SharedValue {
        private final AtomicReference<Version> value = new AtomicReference<>(Version.absent());
        private volatile boolean away;
        private Runnable beforeNextWrite = () -> {};

        @Override
        public Version read(long timeoutMs) throws ClusterUnavailableException {
            if (away) {
                throw new ClusterUnavailableException("away");
            }
            return value.get();
        }

        @Override
        public boolean compareAndSet(Version expected, byte[] next, long timeoutMs) throws ClusterUnavailableException {
            Runnable before = beforeNextWrite;
            beforeNextWrite = () -> {};
            before.run();
            Version now = read(timeoutMs);
            return now.number() == expected.number() && value.compareAndSet(now, Version.of(next, now.number() + 1));
        }

        @Override
        public boolean remove(Version expected, long timeoutMs) throws ClusterUnavailableException {
            Version now = read(timeoutMs);
            return now.number() == expected.number() && value.compareAndSet(now, Version.absent());
        }
    }
}
