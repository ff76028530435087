package org.oozieha.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One workflow submitted with start, as a careful client does it: repeated only where it surely was not carried out (nobody took the
 * connection, or 503), else what became of it is unknown until it is looked up by its name. Written by one thread; read by any.
 */
public final class Submission {
    /** What the client knows. */
    public enum Outcome {
        /** Under way. */
        PENDING,
        /** An id came back. */
        ACKNOWLEDGED,
        /** The connection ended or stayed silent after the request was sent, or the answer was an error of the server. */
        UNKNOWN,
        /** Refused to the end of the client's patience, every time in a way that is safe to repeat. */
        REFUSED
    }

    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
    private static final long AGAIN_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int CONNECT_MILLIS = 2_000;

    private final String name;
    private final long sentAtMillis = System.currentTimeMillis();
    private volatile Outcome outcome = Outcome.PENDING;
    private volatile String id;
    private volatile long tookMillis;
    private volatile int repeats;
    private volatile int sentToPort = -1;
    private volatile String lastProblem = "";

    Submission(String name) {
        this.name = name;
    }

    /** Submits to that URL until one of the outcomes is reached. */
    void send(String oozieUrl, Properties conf, Duration answerWithin, Duration patience) {
        long start = System.nanoTime();
        byte[] body = xml(conf).getBytes(StandardCharsets.UTF_8);
        Outcome reached = Outcome.PENDING;
        while (reached == Outcome.PENDING) {
            boolean again = attempt(oozieUrl, body, answerWithin);
            if (!again) {
                reached = id != null ? Outcome.ACKNOWLEDGED : Outcome.UNKNOWN;
            } else if (System.nanoTime() - start > patience.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                reached = Outcome.REFUSED;
            } else {
                repeats++;
                LockSupport.parkNanos(AGAIN_AFTER_NANOS);
            }
        }
        tookMillis = (System.nanoTime() - start) / 1_000_000;
        outcome = reached;
    }

    /** Returns whether the same may be sent again. */
    private boolean attempt(String oozieUrl, byte[] body, Duration answerWithin) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) new URL(oozieUrl + "/v1/jobs?action=start").openConnection();
            connection.setRequestMethod("POST");
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout((int) answerWithin.toMillis());
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            connection.setRequestProperty("Content-Type", "application/xml;charset=UTF-8");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            sentToPort = connection.getHeaderFieldInt(RecordingProxyClient.SENT_TO.toString(), -1);
            if (status == HttpURLConnection.HTTP_CREATED) {
                Matcher found = ID.matcher(text(connection.getInputStream()));
                id = found.find() ? found.group(1) : null;
                return false;
            }
            lastProblem = status + " " + connection.getHeaderField("oozie-error-message");
            return status == HttpURLConnection.HTTP_UNAVAILABLE;
        } catch (ConnectException nobodyTookIt) {
            lastProblem = nobodyTookIt.toString();
            return true;
        } catch (IOException e) {
            lastProblem = e.toString();
            return false;
        }
    }

    private static String text(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytes.write(buffer, 0, n);
        }
        return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }

    private static String xml(Properties conf) {
        StringBuilder xml = new StringBuilder("<configuration>");
        for (String key : conf.stringPropertyNames()) {
            xml.append("<property><name>").append(key).append("</name><value>");
            xml.append(conf.getProperty(key).replace("&", "&amp;").replace("<", "&lt;"));
            xml.append("</value></property>");
        }
        return xml.append("</configuration>").toString();
    }

    public String name() {
        return name;
    }

    public long sentAtMillis() {
        return sentAtMillis;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** {@code null} unless acknowledged. */
    public String id() {
        return id;
    }

    public long tookMillis() {
        return tookMillis;
    }

    /** The port of the server the load balancer sent it to last, if there was an answer; else -1. */
    public int sentToPort() {
        return sentToPort;
    }

    /** How often it was sent again. */
    public int repeats() {
        return repeats;
    }

    @Override
    public String toString() {
        return name + " " + outcome + " " + (id == null ? lastProblem : id) + ", " + repeats + " repeats, " + tookMillis
                + " ms";
    }
}
