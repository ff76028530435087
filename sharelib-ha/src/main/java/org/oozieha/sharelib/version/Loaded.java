package org.oozieha.sharelib.version;

/**
 * A version as this server serves it. Immutable.
 *
 * @param <C> the content
 */
public final class Loaded<C extends Content> {
    private final ShareLibVersion version;
    private final C content;

    Loaded(ShareLibVersion version, C content) {
        this.version = version;
        this.content = content;
    }

    /** As it was published. */
    public ShareLibVersion version() {
        return version;
    }

    public C content() {
        return content;
    }
}
