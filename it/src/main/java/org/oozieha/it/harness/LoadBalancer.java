package org.oozieha.it.harness;

import io.undertow.Undertow;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.xnio.OptionMap;
import org.xnio.Xnio;

/**
 * A round-robin load balancer on a port of its own. As with any good one, 503 means that no server got the request; when one did and
 * then went away the answer is 502. Every half second it asks each server's health URL: a server that
 * does not answer 200 within a second, because it is dead, hung or says so, gets no requests until it does.
 */
public final class LoadBalancer implements AutoCloseable {
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final int REQUEST_LIMIT_MILLIS = 120_000;

    private final String name;
    private final int port;
    private final Undertow undertow;
    private final LoadBalancingProxyClient hosts;
    private final Map<String, Boolean> in = new ConcurrentHashMap<>();
    private final Map<String, ScheduledFuture<?>> checked = new ConcurrentHashMap<>();
    private final ScheduledExecutorService checks;
    private final Queue<String> callbacks;
    private UndertowXnioSsl tls;

    private LoadBalancer(
            String name, int port, Undertow undertow, LoadBalancingProxyClient hosts, Queue<String> callbacks) {
        this.name = name;
        this.port = port;
        this.undertow = undertow;
        this.hosts = hosts;
        this.callbacks = callbacks;
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(4, task -> {
            Thread thread = new Thread(task, "load-balancer-check");
            thread.setDaemon(true);
            return thread;
        });
        this.checks = executor;
    }

    /** A balancer without servers; it answers 503 until one is in. The name is one of loopback. */
    public static LoadBalancer start(String name, int port) {
        LoadBalancingProxyClient hosts = new LoadBalancingProxyClient()
                .setConnectionsPerThread(50)
                .setProblemServerRetry(1)
                .setMaxQueueSize(200);
        ProxyHandler proxy = ProxyHandler.builder()
                .setProxyClient(new RecordingProxyClient(hosts))
                .setMaxRequestTime(REQUEST_LIMIT_MILLIS)
                .setMaxConnectionRetries(2)
                .build();
        Queue<String> callbacks = new ConcurrentLinkedQueue<>();
        Undertow undertow = Undertow.builder()
                .addHttpListener(port, "127.0.0.1")
                .setHandler(exchange -> {
                    exchange.addResponseCommitListener(RecordingProxyClient::answerBadGatewayIfSent);
                    if (exchange.getRequestPath().equals("/oozie/callback")) {
                        Deque<String> ids = exchange.getQueryParameters().get("id");
                        callbacks.add(ids == null ? "" : ids.peek());
                    }
                    proxy.handleRequest(exchange);
                })
                .build();
        undertow.start();
        return new LoadBalancer(name, port, undertow, hosts, callbacks);
    }

    /** Checks the server from now on, at this URL only, and lets it in as soon as its health URL answers 200. */
    public void add(String serverUrl, String healthUrl) {
        ScheduledFuture<?> before = checked.put(
                serverUrl,
                checks.scheduleWithFixedDelay(() -> check(serverUrl, healthUrl), 0, 500, TimeUnit.MILLISECONDS));
        if (before != null) {
            before.cancel(false);
        }
    }

    private void check(String serverUrl, String healthUrl) {
        note(serverUrl, Http.status(healthUrl, PROBE) == 200);
    }

    private synchronized void note(String serverUrl, boolean healthy) {
        Boolean before = in.put(serverUrl, healthy);
        URI host = URI.create(serverUrl.substring(0, serverUrl.indexOf('/', "https://".length())));
        if (healthy && !Boolean.TRUE.equals(before)) {
            addHost(host);
        } else if (!healthy && Boolean.TRUE.equals(before)) {
            hosts.removeHost(host);
        }
    }

    /** To a server with https the balancer speaks https, and trusts what this JVM trusts. */
    private void addHost(URI host) {
        if (!host.getScheme().equals("https")) {
            hosts.addHost(host);
            return;
        }
        try {
            if (tls == null) {
                tls = new UndertowXnioSsl(Xnio.getInstance(), OptionMap.EMPTY, SSLContext.getDefault());
            }
            hosts.addHost(host, tls);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The servers that get requests now. */
    public List<String> serversIn() {
        List<String> servers = new ArrayList<>();
        in.forEach((server, healthy) -> {
            if (healthy) {
                servers.add(server);
            }
        });
        servers.sort(null);
        return servers;
    }

    /** The actions that were called back through the balancer, one entry per request. */
    public List<String> callbacks() {
        return new ArrayList<>(callbacks);
    }

    /** Oozie's URL through the balancer. */
    public String url() {
        return "http://" + name + ":" + port + "/oozie";
    }

    @Override
    public void close() {
        checks.shutdownNow();
        undertow.stop();
    }
}
