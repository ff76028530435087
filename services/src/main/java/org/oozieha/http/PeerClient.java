package org.oozieha.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * GETs resources of other servers.
 *
 * <p>Guarantee: every call ends within a bound, whatever the peer does. A peer has {@link PeerTimeouts#totalMs} to begin to
 * answer and the same for each pause; one that is silent for {@link PeerTimeouts#readMs} is asked for a sign of life on a second
 * connection and given up at once if it gives none, so that a peer which scans large files is told from one that hangs. The
 * caller never waits for a socket. Connections are kept alive and used again; the authentication cookie of each peer is kept
 * until it nears its end or the peer refuses it, and is then made anew once.
 *
 * <p>On failure the handler gets a {@link PeerException} with the reason. With all threads busy a call fails at once.
 * Thread-safe. Threads start with the first call.
 */
public final class PeerClient implements AutoCloseable {
    private static final int MAX_TEXT = 1 << 20;

    private final PeerTimeouts timeouts;
    private final Authentication authentication;
    private final PeerTrust trust;
    private final int maxThreads;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor watchdog;
    private final PeerCookies cookies = new PeerCookies(System::currentTimeMillis);
    private final Handshakes handshakes = new Handshakes(cookies);
    private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /** @param maxThreads calls at a time; a streamed answer holds one until its end */
    public PeerClient(PeerTimeouts timeouts, Authentication authentication, PeerTrust trust, int maxThreads) {
        this.timeouts = timeouts;
        this.authentication = authentication;
        this.trust = trust;
        this.maxThreads = maxThreads;
        this.threads = new ThreadPoolExecutor(
                0, maxThreads, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("oozie-ha-peer-"));
        this.watchdog = new ScheduledThreadPoolExecutor(1, daemons("oozie-ha-peer-watchdog-"));
        watchdog.setRemoveOnCancelPolicy(true);
        watchdog.setKeepAliveTime(30, TimeUnit.SECONDS);
        watchdog.allowCoreThreadTimeOut(true);
    }

    /** With 64 threads. */
    public PeerClient(PeerTimeouts timeouts, Authentication authentication, PeerTrust trust) {
        this(timeouts, authentication, trust, 64);
    }

    public PeerTimeouts timeouts() {
        return timeouts;
    }

    /**
     * Calls a peer and streams its answer to {@code handler}. Returns at once.
     *
     * @param peer base URL, e.g. {@code http://host:11000/oozie}
     * @param resource path and query below it, encoded, e.g. {@code /v2/admin/status}
     */
    public PeerCall call(String peer, String resource, AnswerHandler handler) {
        return begin(peer, resource, handler);
    }

    private Exchange begin(String peer, String resource, AnswerHandler handler) {
        calls.incrementAndGet();
        Exchange exchange = new Exchange(this, peer, resource, handler);
        try {
            running.add(exchange);
            threads.execute(exchange);
            long period = Math.max(10, Math.min(250, timeouts.readMs() / 4));
            exchange.watchedBy(watch(exchange, period));
        } catch (RejectedExecutionException e) {
            exchange.fail(new PeerException(
                    threads.isShutdown() ? "this server is stopping" : "all " + maxThreads + " threads are busy"));
        }
        return exchange;
    }

    /**
     * The whole answer, whatever its status; at most 1 MiB of text is kept.
     *
     * @throws PeerException if there is no whole answer within {@link PeerTimeouts#totalMs}
     */
    public PeerAnswer get(String peer, String resource) throws PeerException, InterruptedException {
        return get(peer, resource, timeouts.totalMs());
    }

    /** As {@link #get(String, String)} with a deadline of its own, in milliseconds. */
    public PeerAnswer get(String peer, String resource, long totalMs) throws PeerException, InterruptedException {
        TextHandler handler = new TextHandler(MAX_TEXT);
        Exchange call = begin(peer, resource, handler);
        try {
            return handler.result().get(totalMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw PeerException.of((Exception) e.getCause(), timeouts);
        } catch (TimeoutException e) {
            throw call.silent(totalMs);
        } finally {
            call.cancel();
        }
    }

    /** Calls made so far, for the metric {@code peer.call}. */
    public long calls() {
        return calls.get();
    }

    /** Calls that failed so far, for the metric {@code peer.failed}. */
    public long failures() {
        return failures.get();
    }

    /** Fails the calls under way and ends the threads as soon as their sockets let go. Idempotent. */
    @Override
    public void close() {
        failAll();
        threads.shutdown();
        watchdog.shutdownNow();
        failAll();
    }

    private void failAll() {
        for (Exchange exchange : running) {
            exchange.fail(new PeerException("this server is stopping"));
        }
    }

    Authentication authentication() {
        return authentication;
    }

    PeerTrust trust() {
        return trust;
    }

    PeerCookies cookies() {
        return cookies;
    }

    Handshakes handshakes() {
        return handshakes;
    }

    Executor threads() {
        return threads;
    }

    void ended(Exchange exchange, boolean failed) {
        running.remove(exchange);
        if (failed) {
            failures.incrementAndGet();
        }
    }

    /** True once any HTTP answer of the peer has come: it is alive, whatever it thinks of the question. */
    CompletableFuture<Boolean> signOfLife(String peer) {
        CompletableFuture<Boolean> alive = new CompletableFuture<>();
        try {
            threads.execute(() -> alive.complete(answersAtAll(peer)));
        } catch (RejectedExecutionException e) {
            alive.complete(true);
        }
        return alive;
    }

    private boolean answersAtAll(String peer) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) new URL(peer + "/ha/health").openConnection();
            connection.setConnectTimeout(timeouts.connectMs());
            connection.setReadTimeout(timeouts.readMs());
            connection.setInstanceFollowRedirects(false);
            trust.applyTo(connection);
            return connection.getResponseCode() > 0;
        } catch (IOException | RuntimeException e) {
            return false;
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private ScheduledFuture<?> watch(Exchange exchange, long periodMs) {
        return watchdog.scheduleAtFixedRate(exchange::check, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
