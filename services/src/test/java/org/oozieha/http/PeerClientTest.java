package org.oozieha.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;

public class PeerClientTest {
    private static final double SCALE = Double.parseDouble(System.getProperty("it.timing.scale", "1"));
    private static final long READ_MS = (long) (400 * SCALE);
    private static final long TOTAL_MS = (long) (2000 * SCALE);
    private static final long SLACK_MS = (long) (1500 * SCALE);

    private final PeerClient client = new PeerClient(
            new PeerTimeouts((long) (600 * SCALE), READ_MS, TOTAL_MS), Authentication.simple(), PeerTrust.ofJava(), 4);
    private ScriptedPeer peer;

    @After
    public void close() throws IOException {
        client.close();
        if (peer != null) {
            peer.close();
        }
    }

    @Test
    public void an_answer_comes_whole_with_its_status() throws Exception {
        peer = ScriptedPeer.serving("ACTIVE 7\n");
        PeerAnswer answer = client.get(peer.url(), "/ha/health");
        assertTrue(answer.isOk());
        assertEquals("ACTIVE 7\n", answer.body());
        assertEquals(1, client.calls());
        assertEquals(0, client.failures());
    }

    @Test
    public void a_refusal_is_an_answer_and_carries_what_oozie_says() throws Exception {
        peer = new ScriptedPeer((request, out) -> {
            ScriptedPeer.head(
                    out,
                    "400 Bad Request",
                    "oozie-error-code: E0604",
                    "oozie-error-message: E0604: Job does not exist",
                    "Content-Length: 0");
            return true;
        });
        PeerAnswer answer = unauthenticated().get(peer.url(), "/v2/job/x");
        assertEquals(400, answer.status());
        assertEquals("HTTP 400 E0604: Job does not exist", answer.statusText());
    }

    @Test
    public void connections_are_used_again() throws Exception {
        peer = ScriptedPeer.serving("x");
        for (int i = 0; i < 10; i++) {
            client.get(peer.url(), "/v2/admin/status");
        }
        assertTrue("connections=" + peer.connections(), peer.connections() <= 2);
    }

    @Test
    public void a_peer_that_refuses_connections_is_a_failure_at_once() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String reason = reasonOf("http://127.0.0.1:" + port + "/oozie", SLACK_MS);
        assertEquals("connection refused", reason);
        assertEquals(1, client.failures());
    }

    @Test
    public void a_hung_peer_is_given_up_before_the_total_deadline() throws Exception {
        peer = ScriptedPeer.hung();
        long before = System.nanoTime();
        String reason = reasonOf(peer.url(), TOTAL_MS + SLACK_MS);
        assertTrue(reason, reason.contains("no sign of life"));
        assertTrue(millisSince(before) >= READ_MS);
    }

    @Test
    public void a_silent_peer_that_shows_life_has_until_the_total_deadline() throws Exception {
        peer = new ScriptedPeer((request, out) -> {
            if (request.isHealthProbe()) {
                ScriptedPeer.ok(out, "ACTIVE 1\n");
            } else {
                peer.hang();
            }
            return true;
        });
        long before = System.nanoTime();
        String reason = reasonOf(peer.url(), TOTAL_MS + SLACK_MS);
        assertEquals("no answer within " + TOTAL_MS + " ms", reason);
        assertTrue(millisSince(before) >= TOTAL_MS - 50);
    }

    @Test
    public void a_slow_peer_that_shows_life_is_waited_for() throws Exception {
        CountDownLatch probed = new CountDownLatch(2);
        peer = new ScriptedPeer((request, out) -> {
            if (request.isHealthProbe()) {
                probed.countDown();
                ScriptedPeer.head(out, "404 Not Found", "Content-Length: 0");
            } else if (request.method().equals("GET")) {
                probed.await(30, TimeUnit.SECONDS);
                ScriptedPeer.ok(out, "late");
            } else {
                ScriptedPeer.ok(out, "");
            }
            return true;
        });
        assertEquals("late", client.get(peer.url(), "/v2/job/x").body());
    }

    @Test
    public void a_peer_that_trickles_its_headers_ends_at_the_total_deadline() throws Exception {
        peer = new ScriptedPeer((request, out) -> {
            if (request.isHealthProbe()) {
                ScriptedPeer.ok(out, "ACTIVE 1\n");
                return true;
            }
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes("ISO-8859-1"));
            for (CountDownLatch never = new CountDownLatch(1); ; never.await(20, TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
        });
        PeerClient plain = unauthenticated();
        TextHandler handler = new TextHandler(1000);
        plain.call(peer.url(), "/v2/job/x", handler);
        assertEquals("no answer within " + TOTAL_MS + " ms", failure(handler, TOTAL_MS + SLACK_MS));
    }

    @Test
    public void a_whole_answer_that_trickles_ends_at_the_total_deadline() throws Exception {
        peer = trickling();
        String reason = reasonOf(peer.url(), TOTAL_MS + SLACK_MS);
        assertEquals("no answer within " + TOTAL_MS + " ms", reason);
    }

    @Test
    public void a_body_of_known_length_that_breaks_off_is_a_failure() throws Exception {
        peer = new ScriptedPeer((request, out) -> {
            ScriptedPeer.head(out, "200 OK", "Content-Length: 100");
            out.write("half".getBytes("ISO-8859-1"));
            return false;
        });
        assertTrue(reasonOf(peer.url(), TOTAL_MS).startsWith("broke off after 4 of 100 bytes"));
    }

    @Test
    public void a_chunked_body_that_breaks_off_is_a_failure() throws Exception {
        peer = new ScriptedPeer((request, out) -> {
            if (request.method().equals("OPTIONS")) {
                ScriptedPeer.ok(out, "");
                return true;
            }
            ScriptedPeer.head(out, "200 OK", "Transfer-Encoding: chunked");
            ScriptedPeer.chunk(out, "half");
            return false;
        });
        assertTrue(!reasonOf(peer.url(), TOTAL_MS).isEmpty());
    }

    @Test
    public void redirects_are_not_followed() throws Exception {
        ScriptedPeer elsewhere = ScriptedPeer.serving("login page");
        peer = new ScriptedPeer((request, out) -> {
            ScriptedPeer.head(out, "302 Found", "Location: " + elsewhere.url(), "Content-Length: 0");
            return true;
        });
        assertEquals(302, unauthenticated().get(peer.url(), "/x").status());
        assertEquals(0, elsewhere.connections());
        elsewhere.close();
    }

    @Test
    public void the_cookie_is_kept_and_made_anew_once_when_it_is_refused() throws Exception {
        AtomicInteger handshakes = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger(1);
        peer = new ScriptedPeer((request, out) -> {
            String current = "t" + accepted.get();
            if (request.method().equals("OPTIONS")) {
                handshakes.incrementAndGet();
                assertTrue(request.target().contains("user.name="));
                ScriptedPeer.head(out, "200 OK", "Set-Cookie: hadoop.auth=" + current, "Content-Length: 0");
            } else if (request.cookie().contains(current)) {
                ScriptedPeer.ok(out, "ok");
            } else {
                ScriptedPeer.head(out, "401 Unauthorized", "Content-Length: 0");
            }
            return true;
        });
        assertTrue(client.get(peer.url(), "/a").isOk());
        assertTrue(client.get(peer.url(), "/b").isOk());
        assertEquals(1, handshakes.get());
        accepted.set(2);
        assertTrue(client.get(peer.url(), "/c").isOk());
        assertTrue(client.get(peer.url(), "/d").isOk());
        assertEquals(2, handshakes.get());
    }

    @Test
    public void a_peer_that_refuses_every_cookie_is_asked_once_more_and_no_more() throws Exception {
        AtomicInteger gets = new AtomicInteger();
        peer = new ScriptedPeer((request, out) -> {
            if (request.method().equals("OPTIONS")) {
                ScriptedPeer.head(out, "200 OK", "Set-Cookie: hadoop.auth=t", "Content-Length: 0");
            } else {
                gets.incrementAndGet();
                ScriptedPeer.head(out, "403 Forbidden", "Content-Length: 0");
            }
            return true;
        });
        assertEquals(403, client.get(peer.url(), "/a").status());
        assertEquals(403, client.get(peer.url(), "/a").status());
        assertTrue("gets=" + gets, gets.get() <= 4);
    }

    @Test
    public void a_peer_is_not_blamed_for_a_handler_that_holds_it_back() throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            body.append("0123456789");
        }
        peer = ScriptedPeer.serving(body.toString());
        CompletableFuture<Long> read = new CompletableFuture<>();
        CountDownLatch never = new CountDownLatch(1);
        client.call(peer.url(), "/v2/job/x", new AnswerHandler() {
            private long count;

            @Override
            public void answer(int status, String statusText, InputStream in) throws IOException {
                byte[] chunk = new byte[1 << 16];
                count = in.read(chunk);
                try {
                    never.await(TOTAL_MS + READ_MS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    count += n;
                }
            }

            @Override
            public void completed() {
                read.complete(count);
            }

            @Override
            public void failed(PeerException reason) {
                read.completeExceptionally(reason);
            }
        });
        assertEquals(10_000_000L, (long) read.get(30, TimeUnit.SECONDS));
    }

    @Test
    public void with_all_threads_busy_a_call_fails_at_once() throws Exception {
        peer = ScriptedPeer.hung();
        for (int i = 0; i < 4; i++) {
            client.call(peer.url(), "/" + i, new TextHandler(10));
        }
        assertEquals("all 4 threads are busy", reasonOf(peer.url(), SLACK_MS));
    }

    @Test
    public void a_hung_peer_costs_its_thread_a_bounded_time() throws Exception {
        peer = ScriptedPeer.hung();
        for (int i = 0; i < 4; i++) {
            client.call(peer.url(), "/" + i, new TextHandler(10));
        }
        ScriptedPeer healthy = ScriptedPeer.serving("x");
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * TOTAL_MS + SLACK_MS);
        boolean answered = false;
        while (!answered && System.nanoTime() < deadline) {
            try {
                answered = client.get(healthy.url(), "/x").isOk();
            } catch (PeerException e) {
                assertTrue(e.getMessage(), e.getMessage().contains("busy"));
                new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            }
        }
        healthy.close();
        assertTrue("no thread came back", answered);
    }

    @Test
    public void closing_the_client_fails_what_is_under_way() throws Exception {
        peer = ScriptedPeer.hung();
        TextHandler handler = new TextHandler(10);
        client.call(peer.url(), "/x", handler);
        client.close();
        assertEquals("this server is stopping", failure(handler, SLACK_MS));
        assertEquals("this server is stopping", reasonOf(peer.url(), SLACK_MS));
    }

    @Test
    public void a_cancelled_call_is_heard_of_no_more() throws Exception {
        peer = ScriptedPeer.hung();
        TextHandler handler = new TextHandler(10);
        client.call(peer.url(), "/x", handler).cancel();
        client.close();
        assertFalse(handler.result().isDone());
        assertEquals(0, client.failures());
    }

    private ScriptedPeer trickling() throws IOException {
        return new ScriptedPeer((request, out) -> {
            if (request.method().equals("OPTIONS") || request.isHealthProbe()) {
                ScriptedPeer.ok(out, "");
                return true;
            }
            ScriptedPeer.head(out, "200 OK", "Transfer-Encoding: chunked");
            for (CountDownLatch never = new CountDownLatch(1); ; never.await(20, TimeUnit.MILLISECONDS)) {
                ScriptedPeer.chunk(out, "x");
            }
        });
    }

    private PeerClient unauthenticated() {
        return new PeerClient(client.timeouts(), Authentication.none(), PeerTrust.ofJava(), 4);
    }

    private String reasonOf(String url, long withinMs) throws InterruptedException {
        long before = System.nanoTime();
        try {
            client.get(url, "/v2/job/x");
        } catch (PeerException e) {
            long took = millisSince(before);
            assertTrue("took " + took + " ms", took <= withinMs);
            return e.getMessage();
        }
        fail("answered");
        return null;
    }

    private static String failure(TextHandler handler, long withinMs) throws Exception {
        try {
            handler.result().get(withinMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return e.getCause().getMessage();
        }
        fail("answered");
        return null;
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
