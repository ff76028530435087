package org.oozieha.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The version of these jars. */
public final class PackVersion {
    private static final String CARRIED = "carried.";

    private PackVersion() {}

    /** E.g. {@code 1.0.0}; {@code unknown} if the jar was put together by other means. */
    public static String current() {
        return read().getProperty("version", "unknown");
    }

    /** The libraries inside these jars, with their versions, by name. */
    public static Map<String, String> carried() {
        // names come from the file: relocation rewrites such constants in byte code
        Properties properties = read();
        Map<String, String> carried = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(CARRIED)) {
                carried.put(name.substring(CARRIED.length()), properties.getProperty(name));
            }
        }
        return Collections.unmodifiableMap(carried);
    }

    private static Properties read() {
        Properties properties = new Properties();
        try (InputStream in = PackVersion.class.getResourceAsStream("/org/oozieha/version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            properties.clear();
        }
        return properties;
    }
}
