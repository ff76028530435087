package org.oozieha.service;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.servlet.ServletContext;
import org.apache.hadoop.security.authentication.util.SignerSecretProvider;
import org.oozieha.cluster.ClusterUnavailableException;
import org.oozieha.cluster.SharedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives Oozie's authentication filter the secret that all servers share, so that a login cookie of one server is good at all of them.
 *
 * <p>Guarantee: whoever is first creates a random secret in ZooKeeper; everybody else uses that one. On failure: while it cannot be
 * read, cookies are signed with a secret of this server's own, and a client has to log in again at another server; the reading is
 * repeated in the background until it succeeds, and cookies signed before then stay good here. Named in
 * {@code oozie.authentication.signer.secret.provider}; the interface is that of hadoop-auth 2.6 to 3.3. Thread-safe.
 */
public final class SharedSecretProvider extends SignerSecretProvider {
    static final String PATH = "/ha/secrets";

    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.http");
    private static final long READ_TIMEOUT_MS = 5_000;
    private static final long RETRY_MS = 2_000;

    private final SecureRandom random = new SecureRandom();
    private volatile SigningSecrets own;
    private volatile SigningSecrets shared;
    private volatile String lastFailure = "";
    private ScheduledExecutorService retries;

    @Override
    public void init(Properties config, ServletContext context, long tokenValidityMs) {
        HaNode node = HaNode.current()
                .orElseThrow(() -> new IllegalStateException(SharedSecretProvider.class.getName()
                        + " needs org.oozieha.service.ZKJobsConcurrencyService in oozie.services.ext"));
        start(node.cluster().value(PATH), READ_TIMEOUT_MS, RETRY_MS);
    }

    synchronized void start(SharedValue value, long readTimeoutMs, long retryMs) {
        own = SigningSecrets.random(random);
        if (share(value, readTimeoutMs)) {
            return;
        }
        retries = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "oozie-ha-signing-secret");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledExecutorService scheduler = retries;
        scheduler.scheduleWithFixedDelay(
                () -> {
                    if (share(value, readTimeoutMs)) {
                        LOG.info("Signing secret read: cookies are good at all servers path={}", PATH);
                        scheduler.shutdown();
                    }
                },
                retryMs,
                retryMs,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void destroy() {
        if (retries != null) {
            retries.shutdownNow();
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

    private boolean share(SharedValue value, long timeoutMs) {
        try {
            SharedValue.Version seen = value.read(timeoutMs);
            if (!seen.exists()) {
                value.compareAndSet(seen, SigningSecrets.random(random).format(), timeoutMs);
                seen = value.read(timeoutMs);
            }
            Optional<SigningSecrets> read = SigningSecrets.parse(seen.data());
            if (read.isPresent()) {
                shared = read.get();
                return true;
            }
            failed("it is not in a format this version knows: update this server, or delete the znode");
        } catch (ClusterUnavailableException e) {
            failed(e.getMessage());
        }
        return false;
    }

    private void failed(String reason) {
        if (!reason.equals(lastFailure)) {
            lastFailure = reason;
            LOG.warn("Signing secret not read, cookies are good at this server only path={} reason={}", PATH, reason);
        }
    }
}
