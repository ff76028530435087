package org.oozieha.sharelib.version;

import java.util.function.Function;
import org.oozieha.cluster.SharedValue;

/**
 * A shared value as it was read, and what it means. Immutable.
 *
 * @param <T> what the data stands for
 */
final class Stored<T> {
    private final SharedValue.Version version;
    private final T value;

    private Stored(SharedValue.Version version, T value) {
        this.version = version;
        this.value = value;
    }

    /** @throws IllegalArgumentException if the data is damaged */
    static <T> Stored<T> of(SharedValue.Version version, Function<byte[], T> decode) {
        return new Stored<>(version, version.exists() ? decode.apply(version.data()) : null);
    }

    /** The same with this value where there is none. */
    Stored<T> or(T other) {
        return value == null ? new Stored<>(version, other) : this;
    }

    SharedValue.Version version() {
        return version;
    }

    /** Null if there is none. */
    T value() {
        return value;
    }
}
