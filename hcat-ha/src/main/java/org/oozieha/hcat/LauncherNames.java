package org.oozieha.hcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.oozieha.hcat.endpoint.FailOver;
import org.oozieha.service.LauncherSettings;

/**
 * Puts a live metastore in the place of a cluster's name in what a launcher resolves by itself: the URIs of an action's {@code prepare}.
 *
 * <p>Guarantee: it took a connection when the launcher was submitted; other authorities stay as they are. On failure an IOException that names
 * what was tried. Thread-safe. Source: Oozie 5.2.1, LauncherAM and HCatLauncherURIHandler, which asks one host.
 */
final class LauncherNames implements LauncherSettings {
    private static final String PREPARE = "oozie.action.prepare.xml";
    private static final Pattern AUTHORITY = Pattern.compile("hcat://([^/\"'\\s]+)(?=/)");

    private final Map<String, FailOver> clusters;
    private final int connectMs;

    LauncherNames(Map<String, FailOver> clusters, int connectMs) {
        this.clusters = clusters;
        this.connectMs = connectMs;
    }

    @Override
    public void complete(Configuration launcher) throws IOException {
        String prepare = launcher.getRaw(PREPARE);
        if (prepare != null) {
            launcher.set(PREPARE, resolved(prepare));
        }
    }

    String resolved(String prepare) throws IOException {
        StringBuffer text = new StringBuffer();
        Matcher uri = AUTHORITY.matcher(prepare);
        while (uri.find()) {
            FailOver cluster = clusters.get(uri.group(1));
            uri.appendReplacement(
                    text, Matcher.quoteReplacement(cluster == null ? uri.group() : "hcat://" + live(cluster)));
        }
        return uri.appendTail(text).toString();
    }

    private String live(FailOver cluster) throws IOException {
        try {
            return cluster.call(this::connected);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private String connected(String endpoint) throws IOException {
        int colon = endpoint.lastIndexOf(':');
        String host = endpoint.substring(0, colon).replaceAll("[\\[\\]]", "");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, Integer.parseInt(endpoint.substring(colon + 1))), connectMs);
            return endpoint;
        }
    }
}
