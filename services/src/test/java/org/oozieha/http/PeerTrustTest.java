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
        assertThrows(
                IOException.class,
                () -> PeerTrust.of(DIR.getRoot().toPath().resolve("none"), null, KeyStore.getDefaultType()));
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
        return DIR.getRoot().toPath().resolve(name + ".trust");
    }

    /** A server with a certificate of its own, which is also in the trust store of that name. */
    private String server(String name, String names, String... more) throws Exception {
        Path keys = DIR.getRoot().toPath().resolve(name + ".keys");
        List<String> generate = new ArrayList<>(Arrays.asList("-genkeypair", "-alias", name, "-keyalg", "RSA"));
        generate.addAll(Arrays.asList("-keysize", "2048", "-dname", "CN=" + name, "-ext", names));
        generate.addAll(Arrays.asList(more));
        keytool(keys, generate);
        Path certificate = DIR.getRoot().toPath().resolve(name + ".crt");
        keytool(keys, Arrays.asList("-exportcert", "-alias", name, "-file", certificate.toString()));
        keytool(
                trustStore(name),
                Arrays.asList("-importcert", "-noprompt", "-alias", name, "-file", certificate.toString()));
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

    private static void keytool(Path store, List<String> command) throws Exception {
        List<String> all = new ArrayList<>();
        all.add(System.getProperty("java.home") + "/bin/keytool");
        all.addAll(command);
        all.addAll(Arrays.asList("-keystore", store.toString(), "-storepass", PASSWORD, "-keypass", PASSWORD));
        if (command.contains("-importcert") || command.contains("-exportcert")) {
            all.subList(all.size() - 2, all.size()).clear();
        }
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(DIR.getRoot().toPath().resolve("keytool.out").toFile())
                .start();
        assertTrue("keytool ends", process.waitFor((long) (60 * SCALE), TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }
}
