package org.oozieha.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.junit.Test;

public class ShutdownFilterTest {
    private final Map<String, Object> called = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final AtomicInteger passed = new AtomicInteger();

    @Test
    public void a_running_server_answers_itself() throws Exception {
        new ShutdownFilter(RequestGate::new)
                .doFilter(request("/v1/jobs"), response(), (q, a) -> passed.incrementAndGet());
        assertEquals(1, passed.get());
        assertEquals(new HashMap<>(), called);
    }

    @Test
    public void a_server_that_shuts_down_answers_503_and_closes_the_connection() throws Exception {
        new ShutdownFilter(RequestGate::closed)
                .doFilter(request("/v1/jobs"), response(), (q, a) -> passed.incrementAndGet());
        assertEquals(0, passed.get());
        assertEquals(503, called.get("setStatus"));
        assertEquals("Connection", called.get("setHeader"));
        assertTrue(body.toString("US-ASCII").contains("shutting down"));
        assertEquals(body.size(), called.get("setContentLength"));
    }

    @Test
    public void a_request_is_under_way_until_it_was_answered_or_failed() throws Exception {
        RequestGate gate = new RequestGate();
        ShutdownFilter filter = new ShutdownFilter(() -> gate);
        filter.doFilter(request("/v1/jobs"), response(), (q, a) -> passed.set(gate.closeAndAwait(0)));
        assertEquals("inside", 1, passed.get());
        assertEquals(0, gate.closeAndAwait(0));
        RequestGate other = new RequestGate();
        try {
            new ShutdownFilter(() -> other).doFilter(request("/v1/jobs"), response(), (q, a) -> {
                throw new IOException("the client is gone");
            });
            fail("not told");
        } catch (IOException expected) {
            assertEquals(0, other.closeAndAwait(0));
        }
    }

    @Test
    public void a_server_without_services_is_shutting_down() throws Exception {
        new ShutdownFilter().doFilter(request("/v1/jobs"), response(), (q, a) -> passed.incrementAndGet());
        assertEquals(503, called.get("setStatus"));
    }

    @Test
    public void the_health_page_answers_for_itself() throws Exception {
        new ShutdownFilter(RequestGate::closed)
                .doFilter(request("/ha/health"), response(), (q, a) -> passed.incrementAndGet());
        assertEquals(1, passed.get());
    }

    private HttpServletRequest request(String path) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> method.getName().equals("getServletPath") ? path : null);
    }

    private HttpServletResponse response() {
        ServletOutputStream out = new ServletOutputStream() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(int b) {
                body.write(b);
            }
        };
        return (HttpServletResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getOutputStream")) {
                        return out;
                    }
                    called.put(method.getName(), arguments[0]);
                    return null;
                });
    }
}
