package org.oozieha.it.kerberos;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** While it is open, this JVM's https connections believe any certificate: to wait for a server that has a bad one. */
final class Credulity {
    private final SSLSocketFactory sockets = HttpsURLConnection.getDefaultSSLSocketFactory();
    private final HostnameVerifier names = HttpsURLConnection.getDefaultHostnameVerifier();

    private Credulity() {}

    static Credulity begin() throws GeneralSecurityException {
        Credulity before = new Credulity();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
        return before;
    }

    void close() {
        HttpsURLConnection.setDefaultSSLSocketFactory(sockets);
        HttpsURLConnection.setDefaultHostnameVerifier(names);
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
