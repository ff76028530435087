package org.oozieha.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of these jars. */
public final class PackVersion {
    private PackVersion() {}

    /** E.g. {@code 1.0.0}; {@code unknown} if the jar was put together by other means. */
    public static String current() {
        try (InputStream in = PackVersion.class.getResourceAsStream("/org/oozieha/version.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
