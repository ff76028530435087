package org.oozieha.config;

/** A property has a value the pack cannot work with. The message names the property, the value and what is allowed. */
public final class HaConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    public HaConfigException(String key, String value, String allowed) {
        super("Property [" + key + "] has the value [" + value + "]; allowed: " + allowed);
    }

    HaConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
