package org.oozieha.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class PeerTrustTest {
    @ClassRule
    public static final TemporaryFolder DIR = new TemporaryFolder();

    private static final double SCALE = Double.parseDouble(System.getProperty("it.timing.scale", "1"));
    private static final String PASSWORD = "changeit";
    private static final String THIS_HOST = "san=ip:127.0.0.1";

    private final List<HttpsServer> servers = new ArrayList<>();
    private final List<PeerClient> clients = new ArrayList<>();

    @After
    public void stop() {
        clients.forEach(PeerClient::close);
        servers.forEach(server -> server.stop(0));
    }

    @Test
    public void a_peer_is_believed_if_the_trust_store_knows_its_issuer_and_not_otherwise() throws Exception {
        String url = server("known", THIS_HOST);
        assertEquals(
                "ACTIVE 1", client(trusting("known")).get(url, "/ha/health").body());
        String reason = refusal(PeerTrust.ofJava(), url);
        assertTrue(reason, reason.contains("add its CA to oozie.https.truststore.file"));
    }

    @Test
    public void a_certificate_for_another_host_is_refused_whatever_this_jvm_says_of_host_names() throws Exception {
        String url = server("elsewhere", "san=dns:elsewhere.test");
        HostnameVerifier before = HttpsURLConnection.getDefaultHostnameVerifier();
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
        try {
            String reason = refusal(trusting("elsewhere"), url);
            assertTrue(reason, reason.contains("for another host name"));
        } finally {
            HttpsURLConnection.setDefaultHostnameVerifier(before);
        }
    }

    @Test
    public void an_expired_certificate_is_named_as_the_reason() throws Exception {
        String url = server("expired", THIS_HOST, "-startdate", "-10d", "-validity", "1");
        String reason = refusal(trusting("expired"), url);
        assertTrue(reason, reason.contains("not valid today"));
    }

    @Test
    public void a_trust_store_that_cannot_be_used_is_not_taken_for_an_empty_one() throws Exception {
        server("locked", THIS_HOST);
        assertThrows(
                IOException.class,
                () -> PeerTrust.of(trustStore("locked"), "wrong".toCharArray(), KeyStore.getDefaultType()));
        assertThrows(IOException.class, () -> PeerTrust.of(file("none"), null, KeyStore.getDefaultType()));
    }

    private String refusal(PeerTrust trust, String url) {
        return assertThrows(PeerException.class, () -> client(trust).get(url, "/ha/health"))
                .getMessage();
    }

    private PeerClient client(PeerTrust trust) {
        long bound = (long) (5_000 * SCALE);
        PeerClient client = new PeerClient(new PeerTimeouts(bound, bound, bound), Authentication.none(), trust, 2);
        clients.add(client);
        return client;
    }

    private static PeerTrust trusting(String name) throws Exception {
        return PeerTrust.of(trustStore(name), PASSWORD.toCharArray(), KeyStore.getDefaultType());
    }

    private static Path trustStore(String name) {
        return file(name + ".trust");
    }

    /** A server with a certificate of a CA of its own, which is in the trust store of that name. */
    private String server(String name, String names, String... more) throws Exception {
        Path keys = file(name + ".keys");
        Path authority = file(name + ".ca");
        String[] request = {"-alias", name, "-file", file(name + ".csr").toString()};
        String[] certificate = {"-alias", name, "-file", file(name + ".crt").toString(), "-noprompt"};
        String[] root = {"-alias", "ca", "-file", file(name + ".root").toString()};
        keytool(
                authority,
                "-genkeypair",
                "-alias",
                "ca",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=ca of " + name,
                "-ext",
                "bc:c");
        keytool(authority, "-exportcert", root);
        keytool(trustStore(name), "-importcert", root, "-noprompt");
        keytool(keys, "-genkeypair", "-alias", name, "-keyalg", "RSA", "-dname", "CN=" + name);
        keytool(keys, "-certreq", request);
        List<String> sign = new ArrayList<>(Arrays.asList("-gencert", "-alias", "ca", "-ext", names));
        sign.addAll(Arrays.asList("-infile", request[3], "-outfile", certificate[3]));
        sign.addAll(Arrays.asList(more));
        keytool(authority, sign.toArray(new String[0]));
        keytool(keys, "-importcert", root, "-noprompt");
        keytool(keys, "-importcert", certificate);
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] body = "ACTIVE 1".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        servers.add(server);
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/oozie";
    }

    private static void keytool(Path store, String command, String[] words, String... more) throws Exception {
        List<String> all = new ArrayList<>(Arrays.asList(command));
        all.addAll(Arrays.asList(words));
        all.addAll(Arrays.asList(more));
        keytool(store, all.toArray(new String[0]));
    }

    private static void keytool(Path store, String... words) throws Exception {
        List<String> all = new ArrayList<>();
        all.add(System.getProperty("java.home") + "/bin/keytool");
        all.addAll(Arrays.asList(words));
        all.addAll(Arrays.asList("-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(file("keytool.out").toFile())
                .start();
        assertTrue("keytool ends", process.waitFor((long) (60 * SCALE), TimeUnit.SECONDS));
        assertEquals(String.join(" ", all), 0, process.exitValue());
    }

    private static Path file(String name) {
        return DIR.getRoot().toPath().resolve(name);
    }
}
