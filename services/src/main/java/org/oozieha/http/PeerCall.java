package org.oozieha.http;

/** A call of a peer under way. Thread-safe. */
public interface PeerCall {
    /** Ends the call if it has not ended: its handler hears no more of it. Returns at once; idempotent. */
    void cancel();
}
