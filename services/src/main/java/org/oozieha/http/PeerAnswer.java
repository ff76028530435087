package org.oozieha.http;

/** A whole answer of a peer. Immutable. */
public final class PeerAnswer {
    private final int status;
    private final String statusText;
    private final String body;

    PeerAnswer(int status, String statusText, String body) {
        this.status = status;
        this.statusText = statusText;
        this.body = body;
    }

    public boolean isOk() {
        return status == 200;
    }

    public int status() {
        return status;
    }

    /** Status and what the peer said about it, e.g. {@code HTTP 400 E0604: Job does not exist}. */
    public String statusText() {
        return statusText;
    }

    public String body() {
        return body;
    }

    @Override
    public String toString() {
        return statusText;
    }
}
