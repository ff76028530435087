package org.oozieha.cluster.zookeeper;

import java.io.File;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's Kerberos tickets for ZooKeeper, from a keytab, renewed at 80 % of their life.
 *
 * <p>The JAAS entry is handed to the login itself: the JVM-wide JAAS configuration is neither read nor set, so no other user of JAAS
 * notices. A failed renewal leaves the tickets that are still good, and is repeated. All of it, and whatever needs the tickets, runs on
 * one thread of its own, where it may wait for the KDC; only {@link #schedule} and {@link #close} are for other threads.
 */
final class KerberosLogin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.cluster");
    private static final double RENEWAL = 0.8;
    private static final long FIRST_RETRY_MS = 1_000;
    private static final long LONGEST_RETRY_MS = 60_000;

    private final String principal;
    private final String keytab;
    private final LongSupplier wallMs;
    private final ScheduledThreadPoolExecutor thread;
    private Subject subject;
    private long endMs;
    private Future<?> renewal;
    private long retryMs = FIRST_RETRY_MS;
    private PrivilegedExceptionAction<?> rehearsal = () -> null;

    /** Asks nobody yet. */
    KerberosLogin(String principal, String keytab, LongSupplier wallMs) {
        this.principal = principal;
        this.keytab = keytab;
        this.wallMs = wallMs;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "oozie-ha-zookeeper-login");
            created.setDaemon(true);
            return created;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    String principal() {
        return principal;
    }

    /** Runs a task on this login's thread, in a while; not at all once it is closed. The returned future only cancels. */
    Future<?> schedule(Runnable task, long delayMs) {
        try {
            return thread.schedule(() -> EventLoop.call(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }

    /** Does something as the principal, with good tickets. */
    void run(PrivilegedExceptionAction<?> action) throws LoginProblem, PrivilegedActionException {
        if (subject == null || wallMs.getAsLong() >= endMs) {
            login();
        }
        Subject.doAs(subject, action);
    }

    /** To be repeated after each renewal: what it fetches from the KDC is there then when the KDC is not. */
    void rehearse(PrivilegedExceptionAction<?> action) {
        rehearsal = action;
    }

    private void login() throws LoginProblem {
        if (!new File(keytab).canRead()) {
            throw LoginProblem.lasting(
                    "Kerberos login of " + principal + " failed: the keytab " + keytab + " (" + KerberosAdvice.KEYTAB
                            + ") does not exist, or this user cannot read it",
                    null);
        }
        LoginContext context;
        try {
            context = new LoginContext("oozie-ha-zookeeper", new Subject(), null, new Entry());
            context.login();
        } catch (LoginException e) {
            throw KerberosAdvice.problem("Kerberos login of " + principal + " with keytab " + keytab + " failed", e);
        }
        Subject fresh = context.getSubject();
        KerberosTicket ticket =
                fresh.getPrivateCredentials(KerberosTicket.class).iterator().next();
        subject = fresh;
        endMs = ticket.getEndTime().getTime();
        retryMs = FIRST_RETRY_MS;
        LOG.info("Logged in for ZooKeeper: principal={} until={}", principal, new Date(endMs));
        renewIn((long) ((endMs - wallMs.getAsLong()) * RENEWAL));
    }

    private void renewIn(long delayMs) {
        EventLoop.cancel(renewal);
        renewal = schedule(this::renew, delayMs);
    }

    private void renew() {
        try {
            login();
        } catch (LoginProblem | RuntimeException | Error e) {
            if (retryMs == FIRST_RETRY_MS) {
                LOG.warn("The tickets for ZooKeeper are not renewed yet: {}", e.getMessage(), e);
            }
            renewIn(retryMs);
            retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
            return;
        }
        rehearseAgain(subject, FIRST_RETRY_MS);
    }

    /** Until it succeeds, or there are newer tickets. */
    private void rehearseAgain(Subject as, long pauseMs) {
        if (as != subject) {
            return;
        }
        try {
            Subject.doAs(as, rehearsal);
        } catch (PrivilegedActionException | RuntimeException | Error e) {
            LOG.debug("The ticket for ZooKeeper itself is asked for again in {} ms", pauseMs, e);
            schedule(() -> rehearseAgain(as, Math.min(2 * pauseMs, LONGEST_RETRY_MS)), pauseMs);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Answers whatever it is asked for: only this login asks. */
    private final class Entry extends Configuration {
        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            Map<String, String> options = new HashMap<>();
            options.put("principal", principal);
            options.put("useKeyTab", "true");
            options.put("keyTab", keytab);
            options.put("doNotPrompt", "true");
            options.put("isInitiator", "true");
            options.put("refreshKrb5Config", "true");
            return new AppConfigurationEntry[] {
                new AppConfigurationEntry(
                        "com.sun.security.auth.module.Krb5LoginModule",
                        AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                        Collections.unmodifiableMap(options))
            };
        }
    }
}
