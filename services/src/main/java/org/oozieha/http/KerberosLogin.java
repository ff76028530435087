package org.oozieha.http;

import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.LoginException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's own login to Kerberos, apart from Hadoop's.
 *
 * <p>Guarantee: a new ticket is fetched when 80 % of the old one's life are over, on a thread of its own, so that no caller ever
 * waits for a KDC; the old one serves until its end. The JVM's JAAS configuration is left alone. On failure the login is repeated
 * after 1 s, then less often, at least every 10 s; who needs a ticket meanwhile gets a {@link PeerException} that says what to do.
 * Thread-safe.
 */
public final class KerberosLogin implements AutoCloseable {
    /** Asks for a ticket; may take long. */
    interface Kdc {
        Subject login() throws LoginException;
    }

    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.http");
    private static final double RENEW_AFTER = 0.8;
    private static final long FIRST_RETRY_MS = 1_000;
    private static final long LAST_RETRY_MS = 10_000;
    private static final long LOOK_EVERY_MS = 250;

    private final String principal;
    private final Kdc kdc;
    private final LongSupplier clock;
    private final ScheduledExecutorService thread;
    private Subject subject;
    private long endMs;
    private String failure;
    private long lastTryMs = Long.MIN_VALUE;
    private long nextTryMs = Long.MIN_VALUE;
    private long retryMs = FIRST_RETRY_MS;

    /** @param clock milliseconds since the epoch */
    public KerberosLogin(KerberosAccount account, LongSupplier clock) {
        this(account.principal(), account::login, clock);
    }

    KerberosLogin(String principal, Kdc kdc, LongSupplier clock) {
        this.principal = principal;
        this.kdc = kdc;
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread daemon = new Thread(task, "oozie-ha-kerberos-login");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** Begins to log in, and to stay so; returns at once. */
    public void start() {
        thread.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** With a ticket that has not ended; empty if there is none now. */
    synchronized Optional<Subject> current() {
        return subject != null && clock.getAsLong() < endMs ? Optional.of(subject) : Optional.empty();
    }

    /**
     * With a ticket that has not ended.
     *
     * @param waitMs how long to wait for a login that has not been answered yet
     * @throws PeerException if there is none
     */
    synchronized Subject subject(long waitMs) throws PeerException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        Optional<Subject> current = current();
        try {
            while (!current.isPresent() && failure == null && deadline - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
                current = current();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String reason = failure == null ? "the KDC has not answered yet" : failure;
        return current.orElseThrow(() -> new PeerException("not logged in to Kerberos: " + reason));
    }

    /** Logs in if it is time; on the login's own thread. */
    void look() {
        long now = clock.getAsLong();
        synchronized (this) {
            boolean setBack = now < lastTryMs;
            if (now < nextTryMs && !setBack) {
                return;
            }
            lastTryMs = now;
        }
        try {
            loggedIn(kdc.login());
        } catch (LoginException | RuntimeException | Error e) {
            failed(Diagnosis.of(e).orElseGet(e::toString) + " (principal " + principal + ")");
        }
    }

    private synchronized void loggedIn(Subject fresh) {
        long now = clock.getAsLong();
        boolean news = subject == null || failure != null;
        endMs = end(fresh);
        subject = fresh;
        nextTryMs = now + Math.max(FIRST_RETRY_MS, (long) (RENEW_AFTER * (endMs - now)));
        retryMs = FIRST_RETRY_MS;
        if (news) {
            LOG.info("Logged in to Kerberos: principal={} ticket_ends_in_ms={}", principal, endMs - now);
        }
        failure = null;
        notifyAll();
    }

    private synchronized void failed(String reason) {
        if (!reason.equals(failure)) {
            LOG.warn("Kerberos login failed, it is tried again: ticket_left_ms={} reason={}", ticketLeftMs(), reason);
        }
        failure = reason;
        nextTryMs = clock.getAsLong() + retryMs;
        retryMs = Math.min(LAST_RETRY_MS, 2 * retryMs);
        notifyAll();
    }

    private long ticketLeftMs() {
        return subject == null ? 0 : Math.max(0, endMs - clock.getAsLong());
    }

    private static long end(Subject loggedIn) {
        return loggedIn.getPrivateCredentials(KerberosTicket.class).stream()
                .filter(ticket -> ticket.getServer().getName().startsWith("krbtgt/"))
                .mapToLong(ticket -> ticket.getEndTime().getTime())
                .max()
                .orElseThrow(() -> new IllegalStateException("the KDC gave no ticket-granting ticket"));
    }

    /** Ends its thread as soon as the KDC lets go of it. Idempotent. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
