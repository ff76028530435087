package org.oozieha.it.harness;

import io.undertow.client.ClientConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Remembers which requests got a connection to a server. Undertow's proxy answers 503 when none was found and when one broke
 * alike, but only in the first case is it safe to repeat the request.
 */
final class RecordingProxyClient implements ProxyClient {
    /** The port of the server that got the request last, in each answer. */
    static final HttpString SENT_TO = new HttpString("X-Sent-To-Port");

    private static final AttachmentKey<Boolean> SENT = AttachmentKey.create(Boolean.class);

    private final ProxyClient hosts;

    RecordingProxyClient(ProxyClient hosts) {
        this.hosts = hosts;
    }

    /** A server's own 503 has a content type, the proxy's has none. */
    static void answerBadGatewayIfSent(HttpServerExchange exchange) {
        if (exchange.getStatusCode() == StatusCodes.SERVICE_UNAVAILABLE
                && exchange.getAttachment(SENT) != null
                && !exchange.getResponseHeaders().contains(Headers.CONTENT_TYPE)) {
            exchange.setStatusCode(StatusCodes.BAD_GATEWAY);
        }
    }

    @Override
    public ProxyTarget findTarget(HttpServerExchange exchange) {
        return hosts.findTarget(exchange);
    }

    @Override
    public void getConnection(
            ProxyTarget target,
            HttpServerExchange exchange,
            ProxyCallback<ProxyConnection> callback,
            long timeout,
            TimeUnit unit) {
        hosts.getConnection(target, exchange, new Recording(callback), timeout, unit);
    }

    private static final class Recording implements ProxyCallback<ProxyConnection> {
        private final ProxyCallback<ProxyConnection> callback;

        private Recording(ProxyCallback<ProxyConnection> callback) {
            this.callback = callback;
        }

        @Override
        public void completed(HttpServerExchange exchange, ProxyConnection connection) {
            ClientConnection client = connection.getConnection();
            if (client.isOpen()) {
                exchange.putAttachment(SENT, Boolean.TRUE);
                InetSocketAddress server = client.getPeerAddress(InetSocketAddress.class);
                exchange.getResponseHeaders().put(SENT_TO, server.getPort());
            }
            callback.completed(exchange, connection);
        }

        @Override
        public void failed(HttpServerExchange exchange) {
            callback.failed(exchange);
        }

        @Override
        public void couldNotResolveBackend(HttpServerExchange exchange) {
            callback.couldNotResolveBackend(exchange);
        }

        @Override
        public void queuedRequestFailed(HttpServerExchange exchange) {
            callback.queuedRequestFailed(exchange);
        }
    }
}
