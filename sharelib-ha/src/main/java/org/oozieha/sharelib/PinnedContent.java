package org.oozieha.sharelib;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets all questions that Oozie asks for one action see one version, also when the server switches meanwhile.
 *
 * <p>Oozie asks on one thread: for the root, then for the system's jars, then for those of each key, and all of it once for the action
 * and once more for its launcher. The first of these questions takes the version the server serves; the others about the same action get
 * the same, for five minutes at most. Thread-safe.
 *
 * @param <T> the version
 */
final class PinnedContent<T> {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final ThreadLocal<Pin<T>> pins = new ThreadLocal<>();
    private final Supplier<T> served;
    private final Supplier<String> action;
    private final LongSupplier nanos;

    /**
     * @param served what the server serves now, asked where an action begins; null for nothing
     * @param action id of the action this thread works for; null where it is not known
     * @param nanos monotonic clock, nanoseconds
     */
    PinnedContent(Supplier<T> served, Supplier<String> action, LongSupplier nanos) {
        this.served = served;
        this.action = action;
        this.nanos = nanos;
    }

    /** The question for the root: another action begins, or the same one asks for its launcher. */
    T begin() {
        Pin<T> pin = pins.get();
        if (isUsable(pin) && pin.action != null) {
            pin.atRoot = true;
            return pin.content;
        }
        return pin(true);
    }

    /** The question for the system's jars: another action begins, unless its root was asked for just now. */
    T system() {
        Pin<T> pin = pins.get();
        if (isUsable(pin) && (pin.atRoot || pin.action != null)) {
            pin.atRoot = false;
            return pin.content;
        }
        return pin(false);
    }

    /** Any other question; outside an action it pins nothing. */
    T get() {
        Pin<T> pin = pins.get();
        return isUsable(pin) ? pin.content : served.get();
    }

    private T pin(boolean atRoot) {
        T content = served.get();
        if (content == null) {
            pins.remove();
        } else {
            pins.set(new Pin<>(content, action.get(), nanos.getAsLong(), atRoot));
        }
        return content;
    }

    private boolean isUsable(Pin<T> pin) {
        return pin != null
                && Objects.equals(pin.action, action.get())
                && nanos.getAsLong() - pin.atNanos < LONGEST_NANOS;
    }

    private static final class Pin<T> {
        private final T content;
        private final String action;
        private final long atNanos;
        private boolean atRoot;

        private Pin(T content, String action, long atNanos, boolean atRoot) {
            this.content = content;
            this.action = action;
            this.atNanos = atNanos;
            this.atRoot = atRoot;
        }
    }
}
