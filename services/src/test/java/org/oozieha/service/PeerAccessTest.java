package org.oozieha.service;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.authentication.client.AuthenticatedURL;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.apache.hadoop.security.authentication.client.PseudoAuthenticator;
import org.apache.oozie.service.ServiceException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.oozieha.config.HaConfig;

public class PeerAccessTest {
    private static final String TYPE = "oozie.server.authentication.type";
    private static final String PRINCIPAL = "oozie.service.HadoopAccessorService.kerberos.principal";
    private static final String KEYTAB = "oozie.service.HadoopAccessorService.keytab.file";

    @Rule
    public final TemporaryFolder dir = new TemporaryFolder();

    private final Map<String, String> properties = new HashMap<>();

    @Test
    public void kerberos_without_a_principal_or_a_readable_keytab_is_refused() {
        properties.put(TYPE, "kerberos");
        assertTrue(refusal().contains(PRINCIPAL));
        properties.put(PRINCIPAL, "oozie/_HOST@R");
        properties.put(KEYTAB, dir.getRoot() + "/none.keytab");
        assertTrue(refusal(), refusal().contains("cannot be read") && refusal().contains(KEYTAB));
    }

    @Test
    public void host_in_a_principal_without_a_realm_stands_for_this_host_as_at_zookeeper() throws Exception {
        properties.put(TYPE, "kerberos");
        properties.put(PRINCIPAL, "oozie/_HOST");
        properties.put(KEYTAB, dir.newFile("empty.keytab").getPath());
        System.setProperty("java.security.krb5.realm", "R");
        System.setProperty("java.security.krb5.kdc", "127.0.0.1:1");
        try {
            String owner = HaConfig.of(properties).fullPrincipal();
            assertTrue(refusal(), refusal().contains("has no key of " + owner));
            assertFalse(owner, owner.contains("_HOST"));
        } finally {
            System.clearProperty("java.security.krb5.realm");
            System.clearProperty("java.security.krb5.kdc");
        }
    }

    @Test
    public void the_authenticator_of_the_pack_does_what_clients_do() throws Exception {
        properties.put(TYPE, "org.oozieha.http.PeerAuthenticator");
        access().close();
        properties.put("oozie.authentication.type", "kerberos");
        assertTrue(refusal().contains(PRINCIPAL));
    }

    @Test
    public void a_class_that_is_no_authenticator_is_refused_and_one_that_is_is_used() throws Exception {
        properties.put(TYPE, "java.lang.String");
        assertTrue(refusal().contains("neither simple nor kerberos"));
        properties.put(TYPE, "no.such.Name");
        assertTrue(refusal().contains("neither simple nor kerberos"));
        properties.put(TYPE, Custom.class.getName());
        try (PeerAccess access = access()) {
            IOException asked = assertThrows(IOException.class, () -> access.authentication()
                    .handshake(new URL("http://127.0.0.1:1/oozie"), connection -> connection));
            assertTrue(asked.getMessage(), asked.getMessage().contains("custom"));
        }
    }

    @Test
    public void a_trust_store_that_cannot_be_read_is_refused() {
        properties.put("oozie.https.truststore.file", dir.getRoot() + "/none.jks");
        assertTrue(refusal(), refusal().contains("oozie.https.truststore.file"));
    }

    private String refusal() {
        return assertThrows(ServiceException.class, this::access).getMessage();
    }

    private PeerAccess access() throws Exception {
        Configuration conf = new Configuration(false);
        properties.forEach(conf::set);
        return PeerAccess.of(conf, HaConfig.of(properties));
    }

    /** Says that it was asked. */
    public static final class Custom extends PseudoAuthenticator {
        @Override
        public void authenticate(URL url, AuthenticatedURL.Token token) throws IOException, AuthenticationException {
            throw new IOException("custom");
        }
    }
}
