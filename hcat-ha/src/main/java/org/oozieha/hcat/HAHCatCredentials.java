package org.oozieha.hcat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.Credentials;
import org.apache.oozie.action.ActionExecutor.Context;
import org.apache.oozie.action.hadoop.CredentialsProperties;
import org.apache.oozie.action.hadoop.CredentialsProvider;
import org.apache.oozie.action.hadoop.HCatCredentials;
import org.apache.oozie.service.HCatAccessorService;
import org.apache.oozie.service.Services;
import org.oozieha.hcat.endpoint.FailOver;

/**
 * HCatalog credentials from a live metastore of a cluster; in {@code oozie.credentials.credentialclasses} it takes the place of Oozie's
 * HCatCredentials.
 *
 * <p>Guarantee: {@code hcat.metastore.uri} or {@code hive.metastore.uris} may be {@code thrift://<cluster>} or {@code hcat://<cluster>}, with a
 * name of {@code oozie.ha.hcat.clusters}, in the properties of the credential or where Oozie looks after them: its HCatalog configuration and
 * {@code hive-site.xml}. Everything else is as in Oozie. On failure, what Oozie throws, or which servers were tried. How long a silent one is
 * waited for says {@code hive.metastore.client.socket.timeout} in {@code hive-site.xml}: Oozie makes this client with nothing else.
 */
public class HAHCatCredentials implements CredentialsProvider {
    private static final String URI = "hcat.metastore.uri";
    private static final String HIVES_URIS = "hive.metastore.uris";

    private final CredentialsProvider one = new HCatCredentials();

    @Override
    public void updateCredentials(
            Credentials credentials, Configuration conf, CredentialsProperties properties, Context context)
            throws Exception {
        Optional<FailOver> cluster =
                uri(properties.getProperties(), HAHCatCredentials::ofThisServer).flatMap(HAHCatCredentials::cluster);
        if (!cluster.isPresent()) {
            one.updateCredentials(credentials, conf, properties, context);
            return;
        }
        cluster.get().call(endpoint -> {
            one.updateCredentials(credentials, conf, with(properties, URI, "thrift://" + endpoint), context);
            return null;
        });
    }

    /** The first that is set, where Oozie looks for it and in its order. */
    static Optional<String> uri(Map<String, String> properties, Supplier<String> ofThisServer) {
        return Stream.<Supplier<String>>of(() -> properties.get(URI), () -> properties.get(HIVES_URIS), ofThisServer)
                .map(Supplier::get)
                .filter(uri -> uri != null && !uri.trim().isEmpty())
                .findFirst();
    }

    private static String ofThisServer() {
        HCatAccessorService accessor = Services.get().get(HCatAccessorService.class);
        Configuration ofOozie = accessor == null ? null : accessor.getHCatConf();
        String uris = ofOozie == null ? null : ofOozie.get(HIVES_URIS);
        if (uris != null && !uris.isEmpty()) {
            return uris;
        }
        Configuration hiveSite = new Configuration(false);
        hiveSite.addResource("hive-site.xml");
        return hiveSite.get(HIVES_URIS);
    }

    private static Optional<FailOver> cluster(String uri) {
        return HAHCatAccessorService.cluster(uri.trim().replaceFirst("^[a-z]+://", ""));
    }

    private static CredentialsProperties with(CredentialsProperties properties, String key, String value) {
        CredentialsProperties resolved = new CredentialsProperties(properties.getName(), properties.getType());
        HashMap<String, String> all = new HashMap<>(properties.getProperties());
        all.put(key, value);
        resolved.setProperties(all);
        return resolved;
    }
}
