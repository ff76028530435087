package org.oozieha.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.hadoop.security.authentication.client.AuthenticationException;

/** A peer did not answer as it should. The message is the reason in words a user can read, without the peer's name. */
public final class PeerException extends IOException {
    private static final long serialVersionUID = 1L;

    public PeerException(String reason) {
        super(reason);
    }

    private PeerException(String reason, Exception cause) {
        super(reason, cause);
    }

    static PeerException of(Exception e, PeerTimeouts timeouts) {
        if (e instanceof PeerException) {
            return (PeerException) e;
        }
        Optional<String> diagnosis = Diagnosis.of(e);
        if (diagnosis.isPresent()) {
            return new PeerException(diagnosis.get(), e);
        }
        if (e instanceof SocketTimeoutException) {
            return new PeerException(isConnect(e) ? cannotConnect(timeouts) : silent(timeouts.totalMs()), e);
        }
        if (e instanceof ConnectException) {
            return new PeerException("connection refused", e);
        }
        if (e instanceof UnknownHostException) {
            return new PeerException("unknown host " + e.getMessage(), e);
        }
        if (e instanceof AuthenticationException) {
            Throwable cause = innermost(e).getCause();
            return cause instanceof IOException
                    ? of((IOException) cause, timeouts)
                    : new PeerException("cannot authenticate: " + innermost(e).getMessage(), e);
        }
        return new PeerException(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
    }

    static String silent(long ms) {
        return "no answer within " + ms + " ms";
    }

    /** Hadoop 3 wraps the exception that says why. */
    private static Throwable innermost(Throwable refusal) {
        Throwable cause = refusal.getCause();
        return cause instanceof AuthenticationException ? innermost(cause) : refusal;
    }

    private static boolean isConnect(Exception e) {
        return e.getMessage() != null && e.getMessage().regionMatches(true, 0, "connect", 0, 7);
    }

    private static String cannotConnect(PeerTimeouts timeouts) {
        return "no connection within " + timeouts.connectMs() + " ms";
    }
}
