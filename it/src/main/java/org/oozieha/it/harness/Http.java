package org.oozieha.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Plain HTTP GET with bounds. */
public final class Http {
    private Http() {}

    /** The status code; -1 when nobody answered within the bound. */
    public static int status(String url, Duration bound) {
        try {
            HttpURLConnection connection = open(url, bound);
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return -1;
        }
    }

    /** The body of a 200 answer; anything else is an exception with the status in its message. */
    public static String get(String url, Duration bound) {
        try {
            HttpURLConnection connection = open(url, bound);
            int status = connection.getResponseCode();
            if (status != 200) {
                throw new IllegalStateException("GET " + url + " answered " + status);
            }
            try (InputStream body = connection.getInputStream()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                byte[] buffer = new byte[8192];
                for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                    bytes.write(buffer, 0, n);
                }
                return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + url, e);
        }
    }

    private static HttpURLConnection open(String url, Duration bound) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setConnectTimeout((int) bound.toMillis());
        connection.setReadTimeout((int) bound.toMillis());
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", "*/*");
        return connection;
    }
}
