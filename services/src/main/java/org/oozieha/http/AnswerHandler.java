package org.oozieha.http;

import java.io.IOException;
import java.io.InputStream;

/**
 * Takes a peer's answer.
 *
 * <p>Guarantee: exactly one of {@link #completed} and {@link #failed} is called, unless the call was cancelled; after
 * {@code failed} nothing that is still read from the body counts.
 */
public interface AnswerHandler {
    /**
     * Reads the body to its end, on a thread of the client. It may block as long as it likes: the peer is then held back, and
     * the time is not counted against it.
     *
     * @param statusText as {@link PeerAnswer#statusText}
     * @throws IOException if this answer is of no use: it becomes the failure
     */
    void answer(int status, String statusText, InputStream body) throws IOException;

    /** The answer was whole. */
    void completed();

    /** May come from any thread, also while {@link #answer} runs; must not block. */
    void failed(PeerException reason);
}
