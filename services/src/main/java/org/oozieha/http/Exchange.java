package org.oozieha.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call: {@link #run} on a thread of the client, {@link #check} on its watchdog. */
final class Exchange implements PeerCall, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.oozie.ha.http");
    private static final long HELD_BACK = Long.MIN_VALUE;

    private final PeerClient client;
    private final PeerTimeouts timeouts;
    private final String peer;
    private final String resource;
    private final AnswerHandler handler;
    private final SignOfLife signOfLife;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Future<?> watch;
    private volatile HttpURLConnection connection;
    private volatile boolean shaking;
    private volatile boolean answering;
    private volatile long waitingSince = System.nanoTime();

    Exchange(PeerClient client, String peer, String resource, AnswerHandler handler) {
        this.client = client;
        this.timeouts = client.timeouts();
        this.peer = peer;
        this.resource = resource;
        this.handler = handler;
        this.signOfLife = new SignOfLife(timeouts, () -> client.signOfLife(peer));
    }

    void watchedBy(Future<?> task) {
        watch = task;
        if (ended.get()) {
            task.cancel(false);
        }
    }

    @Override
    public void run() {
        if (ended.get()) {
            return;
        }
        try {
            HttpURLConnection answered = send();
            int status = answered.getResponseCode();
            answering = true;
            try (Body body = new Body(bodyOf(answered, status), answered.getContentLengthLong())) {
                handler.answer(status, statusText(answered, status), body);
                if (!body.atEnd) {
                    answered.disconnect();
                }
            }
            succeed();
        } catch (IOException | AuthenticationException | RuntimeException e) {
            fail(PeerException.of(e, timeouts));
            HttpURLConnection broken = connection;
            if (broken != null) {
                broken.disconnect();
            }
        }
    }

    @Override
    public void cancel() {
        if (end(false)) {
            abort();
        }
    }

    void fail(PeerException reason) {
        if (end(true)) {
            LOG.debug("Peer call failed: peer={} resource={} reason={}", peer, resource, reason.getMessage());
            handler.failed(reason);
            abort();
        }
    }

    /** Ends the call if the peer has been silent for too long. */
    void check() {
        long since = waitingSince;
        if (ended.get() || since == HELD_BACK) {
            return;
        }
        long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        if (silentMs >= timeouts.totalMs()) {
            fail(silent(timeouts.totalMs()));
        } else if (silentMs >= timeouts.readMs()) {
            if (!signOfLife.mayBeAlive(since)) {
                fail(new PeerException("hangs: no byte within " + timeouts.readMs() + " ms and no sign of life"));
            }
        }
    }

    /** Says who has been silent for that long. */
    PeerException silent(long ms) {
        boolean kdc = shaking && client.authentication().asksKdc();
        return new PeerException(PeerException.silent(ms) + (kdc ? " to the login: that server, or a KDC, hangs" : ""));
    }

    private HttpURLConnection send() throws IOException, AuthenticationException {
        URL url = new URL(peer + resource);
        PeerCookies cookies = client.cookies();
        String kept = cookies.get(peer);
        String cookie = kept == null ? handshake(url) : kept;
        HttpURLConnection sent = client.authentication().send(url, cookie, this::configure);
        if (refused(sent)) {
            cookies.refused(peer, cookie);
            if (kept != null) {
                drain(sent.getErrorStream());
                cookie = handshake(url);
                sent = client.authentication().send(url, cookie, this::configure);
                if (refused(sent)) {
                    cookies.refused(peer, cookie);
                }
            }
        }
        cookies.keep(peer, sent);
        return sent;
    }

    private String handshake(URL url) throws IOException, AuthenticationException {
        shaking = true;
        int waitMs = timeouts.totalMs();
        String cookie = client.handshakes()
                .cookie(peer, waitMs, this::stopIfEnded, () -> shakeHands(url), () -> silent(waitMs));
        shaking = false;
        return cookie;
    }

    private String shakeHands(URL url) throws IOException, AuthenticationException {
        stopIfEnded();
        return client.authentication().handshake(url, this::configure);
    }

    private HttpURLConnection configure(HttpURLConnection opened) throws IOException {
        opened.setConnectTimeout(timeouts.connectMs());
        // the watchdog is stricter; this frees the thread where nothing can be closed from outside
        opened.setReadTimeout(timeouts.totalMs());
        opened.setInstanceFollowRedirects(false);
        opened.setUseCaches(false);
        client.trust().applyTo(opened);
        connection = opened;
        stopIfEnded();
        return opened;
    }

    private void stopIfEnded() throws PeerException {
        if (ended.get()) {
            throw new PeerException("the call has ended");
        }
    }

    private static boolean refused(HttpURLConnection sent) throws IOException {
        int status = sent.getResponseCode();
        return status == HttpURLConnection.HTTP_UNAUTHORIZED || status == HttpURLConnection.HTTP_FORBIDDEN;
    }

    private static InputStream bodyOf(HttpURLConnection answered, int status) throws IOException {
        InputStream body = status >= 400 ? answered.getErrorStream() : answered.getInputStream();
        return body == null ? new ByteArrayInputStream(new byte[0]) : body;
    }

    private static String statusText(HttpURLConnection answered, int status) throws IOException {
        String code = answered.getHeaderField("oozie-error-code");
        String message = answered.getHeaderField("oozie-error-message");
        if (message == null) {
            message = answered.getResponseMessage();
        }
        // Oozie's messages begin with the code
        boolean named = code == null || message != null && message.startsWith(code);
        return "HTTP " + status + (named ? "" : " " + code) + (message == null ? "" : " " + message);
    }

    private static void drain(InputStream body) throws IOException {
        if (body != null) {
            try (InputStream rest = body) {
                byte[] chunk = new byte[4096];
                for (int left = 16; left > 0 && rest.read(chunk) >= 0; ) {
                    left--;
                }
            }
        }
    }

    private void succeed() {
        if (end(false)) {
            handler.completed();
        }
    }

    private boolean end(boolean failed) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        client.ended(this, failed);
        Future<?> task = watch;
        if (task != null) {
            task.cancel(false);
        }
        return true;
    }

    /** Closes the connection under a thread that waits for the head of the answer; one that reads the body sees {@code ended}. */
    private void abort() {
        HttpURLConnection open = connection;
        if (open != null && !answering) {
            try {
                client.threads().execute(open::disconnect);
            } catch (RejectedExecutionException e) {
                LOG.debug("No thread to close a connection: peer={}, its read timeout ends it", peer);
            }
        }
    }

    /** The body as the handler reads it: notes since when it waits for the peer, and whether all of it came. */
    private final class Body extends InputStream {
        private final InputStream in;
        private final long length;
        private long count;
        private boolean atEnd;

        Body(InputStream in, long length) {
            this.in = in;
            this.length = length;
            waitingSince = HELD_BACK;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            stopIfEnded();
            waitingSince = System.nanoTime();
            int n;
            try {
                n = in.read(into, offset, length);
            } finally {
                waitingSince = HELD_BACK;
            }
            stopIfEnded();
            if (n < 0) {
                // the JDK takes a connection that was closed too early for the end of a body of known length
                if (count < this.length) {
                    throw new PeerException("broke off after " + count + " of " + this.length + " bytes");
                }
                atEnd = true;
            } else {
                count += n;
            }
            return n;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
