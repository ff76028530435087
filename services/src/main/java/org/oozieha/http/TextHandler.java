package org.oozieha.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Keeps an answer as text, up to a limit; the rest is read and dropped. */
final class TextHandler implements AnswerHandler {
    private final int limit;
    private final CompletableFuture<PeerAnswer> result = new CompletableFuture<>();
    private volatile PeerAnswer answer;

    TextHandler(int limit) {
        this.limit = limit;
    }

    Future<PeerAnswer> result() {
        return result;
    }

    @Override
    public void answer(int status, String statusText, InputStream body) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
            kept.write(chunk, 0, Math.min(n, limit - kept.size()));
        }
        answer = new PeerAnswer(status, statusText, new String(kept.toByteArray(), StandardCharsets.UTF_8));
    }

    @Override
    public void completed() {
        result.complete(answer);
    }

    @Override
    public void failed(PeerException reason) {
        result.completeExceptionally(reason);
    }
}
