package org.oozieha.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Which certificates of peers are believed.
 *
 * <p>Guarantee: a peer with https shows a certificate that a trusted CA signed and that names the host in its URL, whatever else in
 * this JVM relaxes that. Thread-safe.
 */
public final class PeerTrust {
    private final SSLSocketFactory sockets;

    private PeerTrust(SSLSocketFactory sockets) {
        this.sockets = sockets;
    }

    /** What Java itself trusts. */
    public static PeerTrust ofJava() {
        return new PeerTrust(null);
    }

    /**
     * What a trust store trusts.
     *
     * @param password null for none
     * @param type a type of {@link KeyStore}
     * @throws IOException if it cannot be read, also with a wrong password
     */
    public static PeerTrust of(Path store, char[] password, String type) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(type);
        try (InputStream in = Files.newInputStream(store)) {
            trusted.load(in, password);
        }
        if (trusted.size() == 0) {
            throw new IOException("it holds no certificate that can be read with this password");
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return new PeerTrust(context.getSocketFactory());
    }

    void applyTo(HttpURLConnection connection) {
        if (connection instanceof HttpsURLConnection) {
            HttpsURLConnection secure = (HttpsURLConnection) connection;
            if (sockets != null) {
                secure.setSSLSocketFactory(sockets);
            }
            // Java asks it only about a certificate that does not name the host
            secure.setHostnameVerifier((host, session) -> false);
        }
    }
}
