package org.oozieha.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.oozie.service.Services;

/**
 * Answers 503 once this server has begun to shut down, and lets the shut-down wait for the requests under way.
 *
 * <p>Oozie's web server takes requests until after the services have gone; without this filter such a request would fail in the
 * middle of something. The health page goes on to answer for itself. A client, or a load balancer, may repeat one that got 503 at another server.
 */
public final class ShutdownFilter implements Filter {
    private static final String HEALTH = "/ha/health";
    private static final byte[] TEXT =
            "This Oozie server is shutting down; ask another one.\n".getBytes(StandardCharsets.US_ASCII);

    private final Supplier<RequestGate> gate;

    /** Asks Oozie's services. */
    public ShutdownFilter() {
        this(() -> Services.get() == null
                ? RequestGate.closed()
                : HaNode.current().map(HaNode::requests).orElseGet(RequestGate::new));
    }

    ShutdownFilter(Supplier<RequestGate> gate) {
        this.gate = gate;
    }

    @Override
    public void init(FilterConfig config) {
        // nothing to configure
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (HEALTH.equals(((HttpServletRequest) request).getServletPath())) {
            chain.doFilter(request, response);
            return;
        }
        RequestGate entered = gate.get();
        if (!entered.enter()) {
            refuse(response);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            entered.exit();
        }
    }

    private static void refuse(ServletResponse response) throws IOException {
        HttpServletResponse refusal = (HttpServletResponse) response;
        refusal.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        refusal.setHeader("Connection", "close");
        refusal.setContentType("text/plain;charset=us-ascii");
        refusal.setContentLength(TEXT.length);
        refusal.getOutputStream().write(TEXT);
    }

    @Override
    public void destroy() {
        // holds nothing
    }
}
