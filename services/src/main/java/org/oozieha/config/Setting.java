package org.oozieha.config;

import java.util.Objects;
import java.util.function.Function;

/**
 * One row of the table of properties. Immutable.
 *
 * @param <T> type of the value
 */
public final class Setting<T> {
    private static final String PASSWORD = "password";

    private final String key;
    private final String type;
    private final String defaultText;
    private final String unit;
    private final String allowed;
    private final String description;
    private final Function<String, T> parser;

    private Setting(
            String key,
            String type,
            String defaultText,
            String unit,
            String allowed,
            String description,
            Function<String, T> parser) {
        this.key = Objects.requireNonNull(key, "key");
        this.type = type;
        this.defaultText = defaultText;
        this.unit = unit;
        this.allowed = allowed;
        this.description = description;
        this.parser = parser;
    }

    static Setting<Long> number(String key, long byDefault, String unit, long min, long max, String description) {
        return new Setting<>(key, "number", Long.toString(byDefault), unit, min + " to " + max, description, text -> {
            long value = Long.parseLong(text);
            require(value >= min && value <= max);
            return value;
        });
    }

    static Setting<Boolean> flag(String key, boolean byDefault, String description) {
        return new Setting<>(key, "boolean", Boolean.toString(byDefault), "", "true or false", description, text -> {
            require("true".equalsIgnoreCase(text) || "false".equalsIgnoreCase(text));
            return "true".equalsIgnoreCase(text);
        });
    }

    /** A text with a shape; {@code byDefault} is not checked, so that an empty one can mean "derived". */
    static Setting<String> text(
            String key, String byDefault, String allowed, String description, Function<String, String> parser) {
        return new Setting<>(key, "text", byDefault, "", allowed, description, parser);
    }

    /** Never printed; Hadoop's credential provider is asked for it first. */
    static Setting<String> password(String key, String description) {
        return new Setting<>(
                key,
                PASSWORD,
                "",
                "",
                "any text, or an alias in hadoop.security.credential.provider.path",
                description,
                text -> text);
    }

    boolean isPassword() {
        return PASSWORD.equals(type);
    }

    static <E extends Enum<E>> Setting<E> choice(String key, E byDefault, Class<E> choices, String description) {
        StringBuilder names = new StringBuilder();
        for (E choice : choices.getEnumConstants()) {
            names.append(names.length() == 0 ? "" : ", ").append(lower(choice.name()));
        }
        return new Setting<>(key, "choice", lower(byDefault.name()), "", names.toString(), description, text -> {
            for (E choice : choices.getEnumConstants()) {
                if (choice.name().equalsIgnoreCase(text)) {
                    return choice;
                }
            }
            throw new IllegalArgumentException(text);
        });
    }

    private static String lower(String name) {
        return name.toLowerCase(java.util.Locale.ROOT);
    }

    static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException();
        }
    }

    /** @return the value of {@code text}; the default if it is null or blank */
    T parse(String text) throws HaConfigException {
        String effective = text == null || text.trim().isEmpty() ? defaultText : text.trim();
        try {
            return parser.apply(effective);
        } catch (IllegalArgumentException e) {
            throw refused(effective);
        }
    }

    HaConfigException refused(String value) {
        return new HaConfigException(key, value, allowed);
    }

    public String key() {
        return key;
    }

    /** {@code number}, {@code boolean}, {@code choice}, {@code password} or {@code text}. */
    public String type() {
        return type;
    }

    /** Empty if there is none, or if it is derived from other properties. */
    public String defaultText() {
        return defaultText;
    }

    /** Empty for what has no unit. */
    public String unit() {
        return unit;
    }

    /** What a value has to be, in words. */
    public String allowed() {
        return allowed;
    }

    public String description() {
        return description;
    }

    @Override
    public String toString() {
        return key;
    }
}
