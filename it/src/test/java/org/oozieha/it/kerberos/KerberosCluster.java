package org.oozieha.it.kerberos;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.oozie.client.AuthOozieClient;
import org.oozieha.it.harness.Cluster;
import org.oozieha.it.harness.ClusterSettings;
import org.oozieha.it.harness.HaServices;
import org.oozieha.it.harness.Http;
import org.oozieha.it.harness.JobLog;
import org.oozieha.it.harness.OozieServer;
import org.oozieha.it.harness.ShareLibs;
import org.oozieha.it.harness.Workload;
import org.oozieha.it.harness.Workspace;
import org.oozieha.it.harness.ZooKeeperView;

/**
 * Three servers with Kerberos for HTTP and ZooKeeper, tickets of 20 s and cookies of 15 s. {@code alice} is a user, {@code oozie}
 * an administrator, and no rule names {@code mallory/evil.test}.
 */
final class KerberosCluster implements AutoCloseable {
    static final Duration TICKET = Duration.ofSeconds(20);
    static final Duration COOKIE = Duration.ofSeconds(15);
    static final Duration PEER_TOTAL = Duration.ofSeconds(6);
    static final String STRANGER = "mallory/evil.test";

    private static final String HADOOP = "oozie.service.HadoopAccessorService.";
    private static final String LOGIN = "oozie.authentication.";
    private static final String RULES = "RULE:[2:$1@$0](oozie@IT\\.TEST)s/@.*// RULE:[1:$1@$0](.*@IT\\.TEST)s/@.*//";

    private final Realm realm;
    private Cluster cluster;
    private int lines;

    private KerberosCluster(Realm realm) {
        this.realm = realm;
    }

    static KerberosCluster start(String name) throws Exception {
        return start(name, TICKET, settings -> {});
    }

    static KerberosCluster start(String name, Duration ticket, Consumer<ClusterSettings> more) throws Exception {
        System.setProperty("oozie.auth.token.cache", "false");
        Workspace workspace = Workspace.emptied(name);
        new ShareLibs(workspace).upload(Duration.ofMinutes(5));
        KerberosCluster kerberos = new KerberosCluster(Realm.start(workspace.dir("realm"), ticket));
        boolean complete = false;
        try {
            kerberos.cluster = Cluster.start(workspace, kerberos.settings(more), line -> {});
            complete = true;
            return kerberos;
        } finally {
            if (!complete) {
                kerberos.close();
            }
        }
    }

    private ClusterSettings settings(Consumer<ClusterSettings> more) throws Exception {
        realm.create("alice", STRANGER, "HTTP/" + Realm.BALANCER);
        ClusterSettings settings = new ClusterSettings()
                .servers(3, HaServices.PACK)
                .names(Realm::host, Realm.BALANCER)
                .javaOptions(realm::javaOptions)
                .zooKeeperConfig(
                        "authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
                        "kerberos.removeHostFromPrincipal=true",
                        "kerberos.removeRealmFromPrincipal=true")
                .zooKeeperJavaOptions(realm.zooKeeperJavaOptions().toArray(new String[0]))
                .property("oozie.zookeeper.secure", true)
                .admins("oozie")
                .withLogin()
                .property(LOGIN + "type", "kerberos")
                .property(LOGIN + "kerberos.principal", "*")
                .property(LOGIN + "kerberos.name.rules", RULES)
                .property(LOGIN + "token.validity", COOKIE.getSeconds())
                .property("oozie.server.authentication.type", "kerberos")
                // stock's own calls from server 3 go through the pack
                .property(3, "oozie.server.authentication.type", "org.oozieha.http.PeerAuthenticator")
                .property(HADOOP + "kerberos.enabled", true)
                .property(HADOOP + "kerberos.principal", "oozie/_HOST@" + Realm.NAME)
                .property("oozie.service.AuthorizationService.security.enabled", true)
                .property("oozie.ha.peer.connect.timeout.ms", 1000)
                .property("oozie.ha.peer.read.timeout.ms", 3000)
                .property("oozie.ha.peer.total.timeout.ms", PEER_TOTAL.toMillis());
        for (int server = 1; server <= 3; server++) {
            String oozie = "oozie/" + Realm.host(server);
            String http = "HTTP/" + Realm.host(server);
            realm.create(oozie, http);
            settings.property(
                    server,
                    HADOOP + "keytab.file",
                    realm.keytab("server-" + server, oozie, http, "HTTP/" + Realm.BALANCER));
        }
        more.accept(settings);
        return settings;
    }

    Realm realm() {
        return realm;
    }

    Cluster cluster() {
        return cluster;
    }

    /**
     * Clients reach the balancer and each server by its name: the server's version and the whole log of a new job. The servers reach
     * each other: the log has a line of each of them.
     */
    void everythingIsReached(String name) throws Exception {
        String job = runJob(name, cluster.balancer().url());
        List<String> urls = new ArrayList<>();
        urls.add(cluster.balancer().url());
        cluster.servers().forEach(server -> urls.add(server.url()));
        for (String url : urls) {
            String version = realm.as("alice", () -> new AuthOozieClient(url, "KERBEROS").getServerBuildVersion());
            assertTrue(url + " " + version, version.contains("5.2.1"));
            List<String> marks = mark(job);
            JobLog written = JobLog.written(job, cluster.servers());
            JobLog answered = jobLog(url, job);
            for (String line : marks) {
                assertEquals(url + " " + line, 1, Collections.frequency(answered.lines(), line));
            }
            assertEquals(url, Collections.emptyList(), written.missingIn(answered));
        }
    }

    /** Runs a workflow with Oozie's own client, logged in as alice; returns its id. */
    String runJob(String name, String url) throws Exception {
        Workload workload = new Workload(cluster, new AuthOozieClient(url, "KERBEROS"), "alice");
        String job = realm.as("alice", () -> workload.workflow(name, Duration.ofMillis(10)));
        workload.awaitSuccess(Duration.ofSeconds(60));
        return job;
    }

    /** Writes a line about the job into each server's log; returns the lines. */
    List<String> mark(String job) {
        List<String> written = new ArrayList<>();
        String stamp = JobLog.written(job, cluster.servers()).lines().stream()
                .filter(line -> line.startsWith("20"))
                .map(line -> line.substring(0, "2026-01-01 00:00:00,000".length()))
                .max(String::compareTo)
                .orElseThrow(() -> new AssertionError("no line of " + job));
        for (OozieServer server : cluster.servers()) {
            String line = stamp + "  INFO ActionStartXCommand:520 - SERVER[" + server.id()
                    + "] USER[alice] GROUP[-] TOKEN[] APP[logged] JOB[" + job + "] ACTION[] mark " + ++lines;
            server.appendToLog(Arrays.asList(line));
            written.add(line);
        }
        return written;
    }

    /** The job's log, asked for by alice. */
    JobLog jobLog(String url, String job) throws Exception {
        return JobLog.answered(
                realm.as("alice", () -> Http.get(url + "/v2/job/" + job + "?show=log", Duration.ofSeconds(60))));
    }

    /** The same with a cookie instead of a login. */
    static JobLog jobLogWith(String cookie, String url, String job) throws IOException {
        HttpURLConnection connection = open(cookie, url + "/v2/job/" + job + "?show=log");
        try (InputStream body = connection.getInputStream()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                bytes.write(buffer, 0, n);
            }
            return JobLog.answered(new String(bytes.toByteArray(), StandardCharsets.UTF_8));
        }
    }

    /** A cookie signed with the servers' own secret, which only the servers and ZooKeeper's superuser can read. */
    String signedCookie(String user, Duration life) throws GeneralSecurityException {
        return signedCookie(user, life, signingSecret());
    }

    static String signedCookie(String user, Duration life, byte[] secret) throws GeneralSecurityException {
        return sign(
                "u=" + user + "&p=" + user + "@" + Realm.NAME + "&t=kerberos&e="
                        + (System.currentTimeMillis() + life.toMillis()),
                secret);
    }

    /** What the servers sign with now. */
    byte[] signingSecret() {
        Properties secrets = new Properties();
        try (ZooKeeperView view = cluster.zooKeeperView()) {
            secrets.load(new StringReader(new String(view.content("/ha/secrets"), StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getDecoder().decode(secrets.getProperty("secret." + secrets.getProperty("signing")));
    }

    /** As hadoop-auth 2.6 signs. */
    static String sign(String cookie, byte[] secret) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA");
        digest.update(cookie.getBytes(StandardCharsets.UTF_8));
        digest.update(secret);
        return "\"" + cookie + "&s=" + Base64.getEncoder().encodeToString(digest.digest()) + "\"";
    }

    /** What an administrator gets from {@code sharelibupdate} at a server. */
    String updateShareLib(OozieServer server) throws Exception {
        return realm.as(
                "oozie/" + Realm.host(1),
                () -> Http.get(server.url() + "/v2/admin/update_sharelib?allservers=true", Duration.ofSeconds(60)));
    }

    /** The status of a GET that nobody logs in for; with a cookie if it is not null. */
    static int statusWith(String cookie, String url) throws IOException {
        return open(cookie, url).getResponseCode();
    }

    private static HttpURLConnection open(String cookie, String url) throws IOException {
        URL byAddress = new URL(url.replaceFirst("//[^:/]+", "//127.0.0.1"));
        HttpURLConnection connection = (HttpURLConnection) byAddress.openConnection();
        connection.setConnectTimeout((int) TimeUnit.SECONDS.toMillis(10));
        connection.setReadTimeout((int) TimeUnit.SECONDS.toMillis(60));
        if (cookie != null) {
            connection.setRequestProperty("Cookie", "hadoop.auth=" + cookie);
        }
        return connection;
    }

    /** The cookie that a server gives a principal. */
    String cookie(String principal, OozieServer server) throws Exception {
        return realm.as(principal, () -> {
            HttpURLConnection connection =
                    (HttpURLConnection) new URL(server.url() + "/v1/admin/status").openConnection();
            connection.setReadTimeout((int) TimeUnit.SECONDS.toMillis(30));
            connection.getResponseCode();
            String header = connection.getHeaderField("Set-Cookie");
            if (header == null) {
                throw new IllegalStateException("no cookie: HTTP " + connection.getResponseCode());
            }
            return header.substring("hadoop.auth=".length()).split(";", 2)[0];
        });
    }

    @Override
    public void close() throws KrbException {
        try {
            if (cluster != null) {
                cluster.close();
            }
        } finally {
            realm.close();
        }
    }
}
