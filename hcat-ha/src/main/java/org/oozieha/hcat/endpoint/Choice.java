package org.oozieha.hcat.endpoint;

/** An endpoint as it was chosen once; a later choice of the same endpoint is another one. Immutable. */
public final class Choice {
    private final String endpoint;

    Choice(String endpoint) {
        this.endpoint = endpoint;
    }

    /** {@code host:port} */
    public String endpoint() {
        return endpoint;
    }

    @Override
    public String toString() {
        return endpoint;
    }
}
