package org.oozieha.service;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.servlet.ServletContext;
import org.apache.hadoop.security.authentication.util.SignerSecretProvider;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives Oozie's authentication filter the secret that all servers share, so that a login cookie of one server is good at all of them.
 *
 * <p>Guarantee: whoever is first creates a random secret in ZooKeeper; everybody else uses that one, and it is replaced once a
 * cookie's life ({@code oozie.authentication.token.validity}) without a cookie being refused for it. On failure: while none could
 * be read since the start, cookies are signed with a secret of this server's own, and a client has to log in again at another
 * server; the reading is repeated in the background until it succeeds, and cookies signed before then stay good here. Named in
 * {@code oozie.authentication.signer.secret.provider}; the interface is that of hadoop-auth 2.6 to 3.3. Thread-safe.
 */
public final class SharedSecretProvider extends SignerSecretProvider {
    static final String PATH = "/ha/secrets";

    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.http");
    private static final long READ_TIMEOUT_MS = 5_000;
    private static final long RETRY_MS = 2_000;
    private static final long READ_EVERY_MS = 30_000;
    private static final int READS_IN_A_LIFE = 100;
    private static final int READS_TO_ANNOUNCE = 4;

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier clock;
    private volatile SigningSecrets own;
    private volatile SigningSecrets shared;
    private volatile String lastFailure = "";
    private long validityMs;
    private long readEveryMs;
    private ScheduledExecutorService reader;

    /** For Oozie, which makes one by name. */
    public SharedSecretProvider() {
        this(System::currentTimeMillis);
    }

    SharedSecretProvider(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public void init(Properties config, ServletContext context, long tokenValidityMs) {
        HaNode node = HaNode.current()
                .orElseThrow(() -> new IllegalStateException(SharedSecretProvider.class.getName()
                        + " needs org.oozieha.service.ZKJobsConcurrencyService in oozie.services.ext"));
        start(node.cluster().value(PATH), tokenValidityMs, READ_TIMEOUT_MS, RETRY_MS);
    }

    synchronized void start(SharedValue value, long tokenValidityMs, long readTimeoutMs, long retryMs) {
        own = SigningSecrets.random(random, clock.getAsLong());
        validityMs = tokenValidityMs;
        readEveryMs = Math.max(retryMs, Math.min(READ_EVERY_MS, tokenValidityMs / READS_IN_A_LIFE));
        share(value, readTimeoutMs);
        reader = DaemonThread.named("oozie-ha-signing-secret");
        AtomicLong readNanos = new AtomicLong(System.nanoTime());
        reader.scheduleWithFixedDelay(
                () -> {
                    long sinceNanos = System.nanoTime() - readNanos.get();
                    if (!lastFailure.isEmpty() || sinceNanos >= TimeUnit.MILLISECONDS.toNanos(readEveryMs)) {
                        share(value, readTimeoutMs);
                        readNanos.set(System.nanoTime());
                    }
                },
                retryMs,
                retryMs,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void destroy() {
        if (reader != null) {
            reader.shutdownNow();
        }
    }

    @Override
    public byte[] getCurrentSecret() {
        SigningSecrets known = shared;
        return (known == null ? own : known).signing();
    }

    @Override
    public byte[][] getAllSecrets() {
        SigningSecrets known = shared;
        List<byte[]> accepted = new ArrayList<>(known == null ? own.accepted() : known.accepted());
        if (known != null) {
            accepted.addAll(own.accepted());
        }
        return accepted.toArray(new byte[0][]);
    }

    /** Reads the secrets, and creates or replaces them if it is time and nobody else is faster. */
    private void share(SharedValue value, long timeoutMs) {
        try {
            SharedValue.Version seen = value.read(timeoutMs);
            if (!seen.exists()) {
                value.compareAndSet(
                        seen, SigningSecrets.random(random, clock.getAsLong()).format(), timeoutMs);
                seen = value.read(timeoutMs);
            }
            Optional<SigningSecrets> read = SigningSecrets.parse(seen.data());
            if (!read.isPresent()) {
                failed("it is not in a format this version knows: update this server, or delete the znode");
                return;
            }
            used(read.get());
            Optional<SigningSecrets> next =
                    read.get().rolled(clock.getAsLong(), validityMs, READS_TO_ANNOUNCE * readEveryMs, random);
            if (next.isPresent() && value.compareAndSet(seen, next.get().format(), timeoutMs)) {
                LOG.debug("Signing secrets rolled: path={}", PATH);
                used(next.get());
            }
        } catch (ClusterUnavailableException | RuntimeException e) {
            failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void used(SigningSecrets read) {
        shared = read;
        if (!lastFailure.isEmpty()) {
            lastFailure = "";
            LOG.info("Signing secret read: cookies are good at all servers path={}", PATH);
        }
    }

    private void failed(String reason) {
        if (!reason.equals(lastFailure)) {
            lastFailure = reason;
            LOG.warn(
                    "Signing secret not read, {} path={} reason={}",
                    shared == null ? "cookies are good at this server only" : "the last one is kept",
                    PATH,
                    reason);
        }
    }
}
