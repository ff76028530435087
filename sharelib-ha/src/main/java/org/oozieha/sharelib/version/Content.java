package org.oozieha.sharelib.version;

/** A loaded sharelib, as one server serves it. Immutable. */
public interface Content {
    Listing listing();
}
