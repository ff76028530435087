package org.oozieha.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The version of these jars. */
public final class PackVersion {
    private static final String UNKNOWN = "unknown";

    private PackVersion() {}

    /** E.g. {@code 1.0.0}; {@code unknown} if the jar was put together by other means. */
    public static String current() {
        return read().getProperty("version", UNKNOWN);
    }

    /** The libraries inside these jars, with their versions. */
    public static Map<String, String> carried() {
        Properties properties = read();
        Map<String, String> carried = new LinkedHashMap<>();
        for (String library : Arrays.asList("zookeeper", "curator", "picocli")) {
            carried.put(library, properties.getProperty(library, UNKNOWN));
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
